import Mocha from "mocha";

export interface Count {
  readonly passed: number;
  readonly failed: number;
}

/** Runs test files in this process; a file that cannot be loaded ends everything with its error. */
export async function runMocha(files: readonly string[], timeoutMs: number): Promise<Count> {
  const mocha = new Mocha({ timeout: timeoutMs, forbidOnly: true, forbidPending: true });
  for (const file of files) mocha.addFile(file);
  await mocha.loadFilesAsync();
  return new Promise((resolve) => {
    const runner = mocha.run(() => {
      const { passes: passed = 0, failures: failed = 0 } = runner.stats ?? {};
      resolve({ passed, failed });
    });
  });
}
