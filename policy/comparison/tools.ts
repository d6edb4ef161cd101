import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { ensureVenv } from "../../scripts/python.mjs";

const requirements = join(import.meta.dirname, "requirements.txt");

/** An action `supports` a resource, does so by choice (`optional`), or has `none`: only `*` works. */
export type Level = "supports" | "optional" | "none";

/** Actions in lower case. */
export type Reference = Readonly<Record<string, Level>>;

export interface StatementJson {
  readonly Effect: string;
  readonly Action?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly [element: string]: unknown;
}

export interface DocumentJson {
  readonly Statement: StatementJson | readonly StatementJson[];
  readonly [element: string]: unknown;
}

/** An AWS managed policy and the tools' results for it, as tools.py prints it. */
export interface Policy {
  readonly name: string;
  readonly document: DocumentJson;
  readonly cloudsplaining: {
    readonly byDefault: boolean;
    readonly flagged: boolean;
    readonly denyHides: boolean;
  };
  /** Null if parliament fails on the document. */
  readonly parliament: {
    readonly resourceStar: boolean;
    readonly unknown: readonly string[];
    readonly unread: readonly number[];
  } | null;
}

export interface ToolResults {
  readonly versions: Readonly<Record<string, string>>;
  readonly actions: { readonly cloudsplaining: Reference; readonly parliament: Reference };
  /** By name. */
  readonly policies: readonly Policy[];
  /** The same policies without the statements that have a condition. */
  readonly unconditional: readonly Policy[];
}

/**
 * Runs tools.py in a dedicated Python environment, which is created if it is missing or has other
 * requirements. Throws an error with the output of the command that failed.
 */
export async function runTools(): Promise<ToolResults> {
  return JSON.parse(
    run(await ensureTools(), [join(import.meta.dirname, "tools.py")]),
  ) as ToolResults;
}

/** The path of Python in the environment with the tools. */
export function ensureTools(): Promise<string> {
  const what = "cloudsplaining, parliament, moto and iam-policy-autopilot from PyPI";
  return ensureVenv(console.error, "comparison", what, requirements);
}

/** The statements of a document, which may be one statement without a list. */
export function statementsOf({ Statement }: DocumentJson): readonly StatementJson[] {
  return Array.isArray(Statement) ? Statement : [Statement as StatementJson];
}

function run(command: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: "utf8",
    maxBuffer: 256 * 1024 * 1024,
  });
  if (error)
    throw new Error(`${command} cannot be started: install Python 3.10 or newer.`, {
      cause: error,
    });
  if (status !== 0)
    throw new Error(`${command} ${args.join(" ")} ended with ${status}:\n${stderr}`);
  return stdout;
}
