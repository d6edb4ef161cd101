import { Readable } from "node:stream";
import { loadProgram } from "../../../sandbox/engine/program.ts";

const { runCommandLine } = loadProgram<typeof import("../../cli/main.ts")>("policy/cli/main.ts");

export interface EndedCommand {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** Runs a command of the pack's executable in this process, with a terminal in memory. The day is 2026-06-01. */
export async function runInMemory(
  args: readonly string[],
  {
    folder,
    environment = {},
    input = "",
  }: {
    folder: string;
    environment?: Readonly<Record<string, string>>;
    input?: string;
  },
): Promise<EndedCommand> {
  const [output, errors]: [string[], string[]] = [[], []];
  const code = await runCommandLine(args, {
    input: Readable.from([input]),
    output: { write: (text) => output.push(text) },
    errors: { write: (text) => errors.push(text) },
    environment,
    folder,
    now: () => new Date("2026-06-01T12:00:00Z"),
  });
  return { code, output: output.join(""), errors: errors.join("") };
}
