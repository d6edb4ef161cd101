/** Runs the work of a script; an error is told in a line that GitHub shows with the run, and fails the step. */
export async function run(what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    // A line's end would end it: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
    const { message } = error as Error;
    console.error(`::error::${what}: ${message.replaceAll("%", "%25").replaceAll("\n", "%0A")}`);
    process.exitCode = 1;
  }
}
