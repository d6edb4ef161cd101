import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { tellWorkflows } from "../../sandbox/workflows/story.ts";
import { root } from "./support.ts";

describe("the pipeline's workflows, each step of them", function () {
  this.timeout(300_000);

  const { SANDBOX_PULUMI: pulumi = "", SANDBOX_PYTHON: python = "" } = process.env;
  const folder = mkdtempSync(join(root, ".sandbox", "test-"));
  const story = tellWorkflows({ pulumi, python, folder });
  after(async () => {
    await story.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  // `check` runs the tests that run before these: `npm run workflows` has it, too.
  for (const { name, run } of [story.setUp, ...story.steps]) {
    it(name, async () => {
      await run();
    });
  }
});
