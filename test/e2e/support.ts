import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { EngineError } from "../../sandbox/engine.ts";
import { startWorld, type World } from "../../sandbox/world.ts";

export const root = join(import.meta.dirname, "..", "..");

export interface TestWorld extends World {
  readonly folder: string;
}

/** A world of the test's own below `.sandbox/`; `stop` ends it and removes its folder. */
export async function startTestWorld(): Promise<TestWorld> {
  const { SANDBOX_PULUMI: pulumi, SANDBOX_PYTHON: python } = process.env;
  if (!pulumi || !python) throw new Error("run these tests with `npm test`, which sets up tools");
  mkdirSync(join(root, ".sandbox"), { recursive: true });
  const folder = mkdtempSync(join(root, ".sandbox", "test-"));
  const world = await startWorld({ pulumi, python, folder });
  return {
    ...world,
    folder,
    async stop() {
      await world.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The error of a run that must fail. */
export async function failureOf(run: Promise<unknown>): Promise<EngineError> {
  const outcome = await run.then(
    () => undefined,
    (error: EngineError) => error,
  );
  if (!outcome) throw new Error("the run did not fail");
  return outcome;
}
