import { createRequire } from "node:module";
import { expect } from "chai";
import fc from "fast-check";
import { planProblems, refuseNames } from "../../../sandbox/aws/provider/name-rules.ts";
import { loadProgram, reloadProgram } from "../../../sandbox/engine/program.ts";

import { everyOption } from "./run-bootstrap.ts";

// The same instance of the SDK as the program has.
const pulumi = createRequire(import.meta.url)("@pulumi/pulumi") as typeof import("@pulumi/pulumi");
const { bootstrapNames } = loadProgram<typeof import("../../bootstrap/stack-names.ts")>(
  "pipeline/bootstrap/stack-names.ts",
);
const { parseSettings } = loadProgram<typeof import("../../bootstrap/settings.ts")>(
  "pipeline/bootstrap/settings.ts",
);

const settings = {
  subjectPrefix: "repo:acme@1/watchdog@2",
  repositoryId: "2",
  instanceType: "t2.micro",
  project: "reboot-automation",
  stack: "dev",
  functionName: "Reboot",
  branch: "main",
  environment: "production",
  defaultTags: "true",
  targetGroup: "false",
  ...everyOption,
};

/** Runs pipeline/bootstrap/index.ts; returns the names that it gives, by type and logical name. */
async function registeredNames(): Promise<Record<string, string>> {
  const names: Record<string, string> = {};
  await pulumi.runtime.setMocks(
    {
      newResource({ type, name, inputs }) {
        const physical = inputs.bucket ?? inputs.name;
        if (/:(Role|RolePolicy|Policy|Bucket|Alias)$/.test(type) && typeof physical === "string") {
          names[`${type} ${name}`] = physical;
        }
        return { id: `id-of-${name}`, state: { keyId: "key", ...inputs, arn: `arn:${name}` } };
      },
      call: ({ token }) =>
        token.endsWith("getCallerIdentity") ? { accountId: "123456789012" } : { id: "vpc-1" },
    },
    "bootstrap",
    "production",
    false,
  );
  pulumi.runtime.setAllConfig(
    Object.fromEntries(Object.entries(settings).map(([key, it]) => [`bootstrap:${key}`, it])),
  );
  reloadProgram("pipeline/bootstrap/index.ts");
  await pulumi.runtime.disconnect();
  return names;
}

describe("the table of bootstrap's names", () => {
  it("has every name that bootstrap gives with the project and the stack in it", async () => {
    const names = Object.entries(await registeredNames());

    const expected = bootstrapNames.map(({ type, logicalName, nameOf }) => [
      `${type} ${logicalName}`,
      nameOf("reboot-automation-dev").replace(/0{12}/, "123456789012"),
    ]);
    expect(names.filter(([, it]) => it.includes("reboot-automation-dev"))).to.have.deep.members(
      expected,
    );
  });

  it("lets no names through that a service refuses", () => {
    const name = fc.stringMatching(/^(sg-|xn--|aws)?[a-zA-Z0-9_-][\w.-]{0,35}$/);
    const isAccepted = (project: string, stack: string) => {
      const values = Object.entries({ ...settings, project, stack });
      try {
        parseSettings(new Map(values.map(([key, text]) => [key, { text, isSecret: false }])));
        return true;
      } catch {
        return false;
      }
    };
    fc.assert(
      fc.property(name, name, (project, stack) => {
        if (isAccepted(project, stack)) {
          for (const { type, nameOf } of bootstrapNames) {
            const property = type.endsWith(":Bucket") ? "bucket" : "name";
            const inputs = { [property]: nameOf(`${project}-${stack}`) };
            refuseNames(type, inputs);
            expect(planProblems(type, inputs)).to.deep.equal([]);
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
