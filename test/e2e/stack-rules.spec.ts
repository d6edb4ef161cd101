import { globSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { GetRolePolicyCommand, IAMClient, ListRolesCommand } from "@aws-sdk/client-iam";
import { expect } from "chai";
import { failureOf, root, startTestWorld, type TestWorld } from "./support.ts";

const folder = "test/fixtures/programs/stacks";

/** By program: all that its first preview finds, when no ARN is known yet. */
const findings: Readonly<Record<string, readonly string[]>> = {};

describe("the rules of the pack that look at a whole stack, in the real engine", () => {
  let world: TestWorld;
  before(async () => {
    world = await startTestWorld();
  });
  after(() => world.stop());

  const engineOf = (program: string, config: object = {}) => {
    const stack = join(world.folder, `${basename(program, ".ts")}-${Math.random()}`);
    writeFileSync(`${stack}.json`, JSON.stringify(config));
    return world.createEngine({ program, folder: stack, policyPackConfig: `${stack}.json` });
  };
});
