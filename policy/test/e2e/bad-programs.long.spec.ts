import { globSync } from "node:fs";
import { basename, join } from "node:path";
import { expect } from "chai";
import {
  root,
  startTestEnvironment,
  type TestEnvironment,
  writeConfig,
} from "../../../sandbox/test-environment.ts";
import { inWorkers } from "../../../sandbox/workers.ts";
import {
  findingsOfMistakes,
  findingsOfStacks,
  mistakes,
  noStackRules,
  stacks,
} from "./findings.ts";

const kinds = [
  { folder: mistakes, findings: findingsOfMistakes, config: noStackRules },
  { folder: stacks, findings: findingsOfStacks, config: {} },
];

describe("the policy pack in the first preview", () => {
  let environment: TestEnvironment;
  before(async () => {
    environment = await startTestEnvironment();
  });
  after(() => environment.stop());

  /** What the first preview of a program finds. */
  async function violationsOf(path: string, config: object): Promise<string[]> {
    const folder = join(environment.folder, basename(path, ".ts"));
    if (path.endsWith("other-stack.ts")) {
      const program = "policy/test/fixtures/programs/shared-instance.ts";
      const options = { program, folder, stackName: "shared", policyPack: null };
      await (await environment.createEngine(options)).up();
    }
    const engine = await environment.createEngine({
      program: path,
      folder,
      policyPackConfig: writeConfig(environment, config),
    });
    const { violations } = await engine.preview().catch((error) => error);
    return violations.map((it: string) =>
      it.replaceAll(/(000000000000:instance\/)i-\w+/g, "$1i-THE-OTHER"),
    );
  }

  for (const { folder, findings, config } of kinds) {
    describe(`of each program of ${folder}`, () => {
      const results = new Map<string, readonly string[]>();
      const programs = globSync("*.ts", { cwd: join(root, folder) }).map((it) =>
        basename(it, ".ts"),
      );

      before(() =>
        inWorkers(2, programs, async (name) => {
          results.set(name, await violationsOf(`${folder}/${name}.ts`, config));
        }),
      );

      it("knows what each program does wrong", () => {
        expect(Object.keys(findings)).to.have.members(programs);
      });

      for (const [name, expected] of Object.entries(findings)) {
        it(`finds in ${name} exactly what it should`, () => {
          expect([...(results.get(name) ?? [])].sort()).to.deep.equal([...expected].sort());
        });
      }
    });
  }
});
