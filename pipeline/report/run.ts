import { printable } from "./text.ts";

/** Prints a line that GitHub does not run as a command, whatever it contains. */
export function say(text: string): void {
  console.log(printable(text));
}

/** Runs the work of a script; an error is reported in a line that GitHub shows with the run, and fails the step. */
export async function run(what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    // In a command's text, % begins an escape:
    // https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
    const message = printable((error as Error).message).replaceAll("%", "%25");
    console.error(`::error::${what}: ${message}`);
    process.exitCode = 1;
  }
}
