import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { IAMClient, ListRolePoliciesCommand, ListRolesCommand } from "@aws-sdk/client-iam";
import { expect } from "chai";
import type { EngineError, EngineRun } from "../../../sandbox/engine/engine.ts";
import {
  failureOf,
  root,
  startTestEnvironment,
  type TestEnvironment,
  writeConfig,
} from "../../../sandbox/test-environment.ts";
import { findingsOfMistakes, mistakes, noStackRules } from "./findings.ts";

interface SarifResult {
  readonly ruleId: string;
  readonly level: string;
  readonly locations: readonly {
    readonly physicalLocation: {
      readonly artifactLocation: { readonly uri: string };
      readonly region: { readonly startLine: number };
    };
  }[];
  readonly properties: { readonly enforcementLevel: string };
}

function placeAndLevel({ ruleId, level, locations, properties }: SarifResult): string {
  const { artifactLocation, region } = locations[0]?.physicalLocation ?? {};
  // The project is below this repository.
  const path = artifactLocation?.uri.replace(/^\.sandbox\/.+\/project\//, "PROJECT/");
  const place = `${path}:${region?.startLine}`;
  return `${place} ${ruleId} ${level} ${properties.enforcementLevel}`;
}

describe("the policy pack in the real engine", () => {
  let environment: TestEnvironment;
  before(async () => {
    environment = await startTestEnvironment();
  });
  after(() => environment.stop());

  /** An engine for a program, in a separate stack, with a configuration of the pack. */
  async function engineOf(
    program: string,
    config: object = {},
    more: { policyPack?: string } = {},
  ) {
    const folder = join(environment.folder, `${basename(program, ".ts")}-${Math.random()}`);
    const policyPackConfig = writeConfig(environment, { ...noStackRules, ...config });
    return environment.createEngine({ program, folder, policyPackConfig, ...more });
  }

  it("fails a bad program with exactly its findings", async () => {
    const engine = await engineOf(`${mistakes}/star-resource.ts`);

    const { violations } = await failureOf(engine.preview());

    expect(violations).to.deep.equal(findingsOfMistakes["star-resource"]);
  });

  it("checks a program that knows nothing of this repository", async () => {
    const engine = await engineOf("policy/test/fixtures/unrelated/index.ts");

    const { violations } = await failureOf(engine.preview());

    expect([...violations].sort()).to.deep.equal([
      "order-worker-data: policy: it is not known before deployment (it depends on aws:dynamodb/table:Table orders and aws:sqs/queue:Queue order-queue), so no rule can check it. Build its ARNs from known names, or pass its statements as `grants` to a parent component.",
      "order-worker: AWS managed policy arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole: AWS provides it for a service; it allows more than one program needs, and AWS adds to it. Allow the actions that the code calls in a policy of the stack, or list it under aws-managed-policy.allowed in the pack's configuration.",
    ]);
  });

  it("has in the SARIF file where the program creates a resource, and the level for the engine", async () => {
    const program = "policy/test/fixtures/unrelated/index.ts";
    const sarif = join(environment.folder, "places.sarif");
    const config = {
      sarif: { file: sarif },
      "unknown-document": { enforcementLevel: "advisory" },
    };
    const engine = await engineOf(program, config);
    const { workDir } = engine.stack.workspace;
    copyFileSync(join(root, program), join(workDir, "index.ts"));

    await engine.preview();

    const { results } = JSON.parse(readFileSync(sarif, "utf8")).runs[0];
    expect(results.map(placeAndLevel).sort()).to.deep.equal([
      "PROJECT/index.ts:12 aws-managed-policy warning advisory",
      "PROJECT/index.ts:26 unknown-document warning advisory",
    ]);
  });

  it("is the same in a folder, with paths that start there", async () => {
    const program = `${mistakes}/star-resource.ts`;
    const policyPack = join(root, "policy");
    const sarif = join(environment.folder, "folder.sarif");
    const config = { sarif: { file: relative(policyPack, sarif) } };
    const engine = await engineOf(program, config, { policyPack });

    const { violations } = await failureOf(engine.preview());

    expect(violations).to.deep.equal(findingsOfMistakes["star-resource"]);
    expect(JSON.parse(readFileSync(sarif, "utf8")).runs[0].results).to.have.length(1);
  });

  it("stops `up` before IAM gets a document, once it is known", async () => {
    const engine = await engineOf(`${mistakes}/unknown-document.ts`);

    const { violations } = await failureOf(engine.up());

    expect(violations).to.include(
      "hidden: policy, statement number 1: Action *: it matches every action of AWS. List each action that is called.",
    );
    const { Roles = [] } = await new IAMClient(environment.aws).send(new ListRolesCommand({}));
    const [RoleName] = Roles.map((it) => it.RoleName).filter((it) => it?.endsWith("-role"));
    const { PolicyNames } = await new IAMClient(environment.aws).send(
      new ListRolePoliciesCommand({ RoleName }),
    );
    expect(PolicyNames).to.deep.equal([]);
  });

  describe("configured by the engine", () => {
    const program = `${mistakes}/star-resource.ts`;
    const waiver = {
      rule: "star-resource",
      type: "test:index:Granted",
      name: "component",
      finding: "grants, statement Tell: Resource * with sns:Publish",
      reason: "Only for this test.",
      owner: "test",
      expires: "2999-12-31",
    };

    const previewWith = async (config: object): Promise<EngineRun | EngineError> => {
      const engine = await engineOf(program, config);
      return engine.preview().catch((error: EngineError) => error);
    };

    it("is advisory if a rule's level says so", async () => {
      const run = await previewWith({ "star-resource": { enforcementLevel: "advisory" } });

      expect(run).not.to.be.an("error");
      expect(run.violations).to.deep.equal(findingsOfMistakes["star-resource"]);
    });

    it("says nothing of a rule that is disabled", async () => {
      const run = await previewWith({ "star-resource": { enforcementLevel: "disabled" } });

      expect(run).not.to.be.an("error");
      expect(run.violations).to.deep.equal([]);
    });

    it("allows a waived finding, and has it in the SARIF file", async () => {
      const waivers = join(environment.folder, "waivers.json");
      const sarif = join(environment.folder, "findings.sarif");
      writeFileSync(waivers, JSON.stringify([waiver]));

      const run = await previewWith({ waivers: { file: waivers }, sarif: { file: sarif } });

      expect(run).not.to.be.an("error");
      expect(run.violations).to.deep.equal([]);
      const [result] = JSON.parse(readFileSync(sarif, "utf8")).runs[0].results;
      expect(result.ruleId).to.equal("star-resource");
      expect(result.suppressions[0].justification).to.equal("Only for this test.");
    });

    it("fails for a waiver that excuses nothing", async () => {
      const waivers = join(environment.folder, "useless.json");
      writeFileSync(waivers, JSON.stringify([waiver, { ...waiver, name: "elsewhere" }]));

      const run = await previewWith({ waivers: { file: waivers } });

      expect(run).to.be.an("error");
      expect(run.violations).to.have.length(1);
      expect(run.violations[0]).to.match(
        /waiver of star-resource for test:index:Granted elsewhere/,
      );
    });

    it("names what a misspelt rule or setting was probably meant to be", async () => {
      const run = await previewWith({
        "star-resorce": { enforcementLevel: "disabled" },
        "foreign-arn": { enforcementLevel: "disabled", externals: [] },
      });

      expect(run).to.be.an("error");
      expect(run.violations).to.include.members(
        [
          "configuration: rule star-resorce: the pack has no such rule. Write star-resource.",
          "configuration: setting foreign-arn.externals: the rule has no such setting. Write external.",
        ].map((it) => `reboot-automation-sandbox: ${it}`),
      );
    });

    it("refuses a setting that a rule does not have", async () => {
      const run = await previewWith({ "aws-managed-policy": { allowed: "all" } });

      expect(run).to.be.an("error");
    });
  });

  it("allows this program with its one waiver, and fail without", async () => {
    const own = await (
      await environment.createEngine({ folder: join(environment.folder, "own") })
    ).preview();
    const bare = await environment.createEngine({
      folder: join(environment.folder, "bare"),
      policyPackConfig: writeConfig(environment, {}),
    });

    const { violations } = await failureOf(bare.preview());

    expect(own.violations).to.deep.equal([]);
    expect(violations).to.deep.equal([
      "reboot-url: authorizationType NONE: anyone can call the function. Set authorizationType AWS_IAM, or waive this finding and say what limits the risk.",
    ]);
    const waivers = JSON.parse(readFileSync(join(root, "policy-waivers.json"), "utf8"));
    expect(waivers).to.have.length(1);
  });
});
