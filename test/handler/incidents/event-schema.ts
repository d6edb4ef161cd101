import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";

const folder = join(import.meta.dirname, "..", "..", "..", "docs", "events");

export const eventsPage = readFileSync(join(folder, "README.md"), "utf8");
export const eventSchema = JSON.parse(readFileSync(join(folder, "event.schema.json"), "utf8"));

const validate = new Ajv2020({ allErrors: true }).compile(eventSchema);

/** What is wrong with the `detail` of an event, by the schema; none if it is right. */
export function detailProblems(detail: unknown): string[] {
  if (validate(detail)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
