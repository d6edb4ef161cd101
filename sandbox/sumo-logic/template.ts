import type { Row } from "./query.ts";
import type { Item } from "./store.ts";

/** A notification that is due: what its payload is made from. */
export interface Due {
  readonly triggerType: string;
  readonly alertUrl: string;
  readonly rows: Row[];
  readonly value: number;
  readonly windowStartMs: number;
  readonly windowEndMs: number;
}

/**
 * Renders a webhook's payload. Each variable becomes the inside of a JSON string, as Sumo Logic
 * escapes it; names do not look at letter case. A variable that the sandbox does not have is an
 * error. https://help.sumologic.com/docs/alerts/monitors/alert-variables/
 */
export function renderPayload(template: string, monitor: Item, due: Due): string {
  const variables: Record<string, string> = {
    id: monitor.id,
    name: monitor.name,
    triggertype: due.triggerType,
    triggervalue: String(due.value),
    triggertimestart: String(due.windowStartMs),
    triggertimeend: String(due.windowEndMs),
    alertresponseurl: due.alertUrl,
    ...resultFields(due),
  };
  return template.replaceAll(/\{\{([^}]+)\}\}/g, (_all, name: string) => {
    const value = variables[name.toLowerCase()];
    if (!Object.hasOwn(variables, name.toLowerCase()))
      throw new Error(`the sandbox does not have the variable {{${name}}}`);
    return JSON.stringify(value).slice(1, -1);
  });
}

/** `ResultsJson.field`: the value of one row, or the list of all rows' values as text. */
function resultFields({ rows }: Due): Record<string, string> {
  const names = Object.keys(rows[0] ?? {});
  return Object.fromEntries(
    names.map((name) => {
      const values = rows.map((row) => row[name] ?? null);
      const value = values.length === 1 ? String(values[0]) : JSON.stringify(values);
      return [`resultsjson.${name.toLowerCase()}`, value];
    }),
  );
}
