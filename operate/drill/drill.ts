import { describeQuietHours } from "../quiet-hours.ts";
import type { Link } from "./link.ts";
import { links } from "./links.ts";
import { notifyTargets } from "./notify.ts";
import { pipeLink } from "./pipe.ts";
import type { Ports } from "./ports.ts";
import { rebootForReal } from "./reboot.ts";
import { SumoLogicError } from "./sumo-logic.ts";
import { targetGroupLink } from "./target-group.ts";

export interface LinkResult {
  readonly name: string;
  readonly state: "ok" | "broken" | "not checked";
  readonly detail: string;
}

const marks = { ok: "✓", broken: "✗", "not checked": "?" } as const;

/** Checks every link and prints each result. A broken link does not stop the check of the others. */
export async function checkLinks(
  ports: Ports,
  say: (line: string) => void,
  checked: readonly Link[] = links,
): Promise<LinkResult[]> {
  const results: LinkResult[] = [];
  for (const link of checked) {
    const result = await checkLink(link, ports);
    say(`${marks[result.state]} ${result.name}: ${result.detail}`);
    results.push(result);
  }
  return results;
}

async function checkLink(link: Link, ports: Ports): Promise<LinkResult> {
  const { name } = link;
  try {
    return { name, state: "ok", detail: await link.check(ports) };
  } catch (error) {
    // https://help.sumologic.com/docs/api/search-job/ : not every plan has the Search Job API.
    if (error instanceof SumoLogicError && error.isForbidden) {
      const detail = `Sumo Logic does not allow this with this access key or plan; check it manually (${error.message})`;
      return { name, state: "not checked", detail };
    }
    return { name, state: "broken", detail: (error as Error).message };
  }
}

/** With `notify`, the drill ends with this link. */
const testEvent: Link = { name: "a test event for each target", check: notifyTargets };

/**
 * The whole drill: the links, with `notify` a test event for each target, and with `reboot` a real reboot of that
 * instance, once `ask` has returned its id. Returns the exit code: 0 if nothing is broken.
 */
export async function drill(
  ports: Ports,
  options: {
    notify: boolean;
    reboot: string | undefined;
    ask: (question: string) => Promise<string>;
    say: (line: string) => void;
  },
): Promise<number> {
  const { notify, reboot, ask, say } = options;
  const { quietHours, eventPipeName, targetGroupArn } = ports.stack;
  const checked = [
    ...links,
    ...(eventPipeName === undefined ? [] : [pipeLink]),
    ...(targetGroupArn === undefined ? [] : [targetGroupLink]),
    ...(notify ? [testEvent] : []),
  ];
  const results = await checkLinks(ports, say, checked);
  if (quietHours !== undefined) say(describeQuietHours(quietHours, ports.now()));
  const count = (state: LinkResult["state"]) => results.filter((it) => it.state === state).length;
  say(`${count("ok")} ok, ${count("broken")} broken, ${count("not checked")} not checked`);
  if (count("broken") > 0) return 1;
  if (reboot === undefined) return 0;

  const typed = await ask(`This really reboots ${reboot}. Type its id to continue: `);
  if (typed.trim() !== reboot) {
    say("Nothing was rebooted: that is not the instance's id.");
    return 1;
  }
  try {
    await rebootForReal(ports, reboot, ({ seconds, what }) =>
      say(`${String(seconds).padStart(5)} s  ${what}`),
    );
    return 0;
  } catch (error) {
    say(`✗ ${(error as Error).message}`);
    return 1;
  }
}
