import { parseArgs } from "node:util";

/** What `npm run mode` is asked to do. */
export type ModeRequest =
  | ({ readonly kind: "show" } & Place)
  | ({
      readonly kind: "set";
      readonly mode: Mode;
      readonly reason: string;
      /** How long the mode lasts, in milliseconds; without it, until it is changed. */
      readonly forMs: number | undefined;
    } & Place);

/** Which stack, and which of its instances. */
interface Place {
  /** The selected one if it is undefined. */
  readonly stack: string | undefined;
  /** All together if it is undefined. */
  readonly instance: string | undefined;
}

export const modes = ["on", "dryrun", "off"] as const;
export type Mode = (typeof modes)[number];

const usage =
  'npm run mode [-- on | -- dryrun|off --reason "TEXT" [--for 2h]] [--instance ID] [--stack NAME]; without a mode, it shows the current one';

const unitsMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
const longestMs = 30 * 86_400_000;

/**
 * Reads the words of the command. `off` and `dryrun` need a reason of at most 200 characters, which
 * is in the e-mail about a suppressed alert. `--for` accepts minutes, hours or days, at most 30 days.
 * Throws what is wrong, and the usage.
 */
export function parseMode(words: readonly string[]): ModeRequest {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      stack: { type: "string" },
      instance: { type: "string" },
      reason: { type: "string" },
      for: { type: "string" },
    },
  });
  const { stack, instance, reason = "" } = values;
  const [word, ...others] = positionals;
  if (word === undefined) {
    if (values.reason !== undefined || values.for !== undefined) refuse("the mode is missing");
    return { kind: "show", stack, instance };
  }
  const mode = modes.find((it) => it === word) ?? refuse(`unknown mode ${JSON.stringify(word)}`);
  if (others.length > 0) refuse(`unknown words ${others.join(" ")}`);
  if (mode !== "on" && reason.trim() === "") refuse(`${mode} needs a reason`);
  if (reason.length > 200) refuse("the reason must have at most 200 characters");
  if (mode === "on" && values.for !== undefined) refuse("--for needs the mode off or dryrun");
  return { kind: "set", stack, instance, mode, reason, forMs: durationOf(values.for) };
}

function durationOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, count, unit = ""] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  const ms = Number(count) * (unitsMs[unit] ?? Number.NaN);
  if (!(ms > 0 && ms <= longestMs)) {
    refuse(
      `--for must be a duration, for example 30m, 2h or 1d, at most 30d: got ${JSON.stringify(text)}`,
    );
  }
  return ms;
}

function refuse(problem: string): never {
  throw new Error(`${problem}; expected: ${usage}`);
}
