import { globSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
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
import { inWorkers } from "../../../sandbox/workers.ts";

const folder = "policy/test/fixtures/programs/bad";

/** By bad program: all that its first preview finds, when the ARN of its topic is not known yet. */
const findings: Readonly<Record<string, readonly string[]>> = {
  "aws-managed-policy": [
    "role: managedPolicyArns arn:aws:iam::aws:policy/AmazonEC2FullAccess: it allows full access, and AWS adds to it. Allow the actions that the code calls in a policy of the stack.",
  ],
  "broad-arn": [
    "component: grants, statement Tell: Resource arn:aws:sns:us-east-1:111122223333:* with sns:Publish: for sns:Publish it matches every topic. List the intended ones (arn:${Partition}:sns:${Region}:${Account}:${TopicName}).",
  ],
  "confused-deputy": [
    'role: assumeRolePolicy, statement number 1: Principal Service scheduler.amazonaws.com: the service acts on behalf of any account, and no condition restricts the source (https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html). Add the condition "StringEquals": {"aws:SourceAccount": "ACCOUNT"}, and aws:SourceArn if you know the ARN.',
  ],
  "duplicate-element": [
    "policy: policy: it cannot be read: it has a duplicate element (Principal). Write an IAM policy document.",
  ],
  "encrypted-volume": [
    "instance: rootBlockDevice.encrypted: it is not true, so the disk is not encrypted. Set it to true.",
  ],
  "imds-v2": ['instance: metadataOptions.httpTokens: IMDSv1 is enabled. Set it to "required".'],
  "log-retention": ["log: retentionInDays: the events never expire. Set the number of days."],
  "lookalike-letter": [
    "policy: policy, statement One: Action (redacted): there is no such action. Write iam:CreateAccessKey.",
  ],
  "not-action": [
    "policy: policy, statement One: NotAction iam:*: it allows every other action. List each action that is called under Action.",
  ],
  "not-principal": [
    "role: assumeRolePolicy, statement number 1: NotPrincipal arn:aws:iam::111122223333:root: it allows everyone else. List the intended principals under Principal.",
  ],
  "not-resource": [
    "policy: policy, statement One: NotResource arn:aws:sns:us-east-1:111122223333:alerts: it allows every other resource. List the intended resources under Resource.",
  ],
  "oidc-subject": [
    'role: assumeRolePolicy, statement number 1: Principal Federated token.actions.githubusercontent.com, sub repo:octo/*: it does not specify owner and repository without wildcards. Require the subject, e.g. "StringEquals": {"token.actions.githubusercontent.com:sub": "repo:OWNER/REPOSITORY:ref:refs/heads/main"}.',
  ],
  "open-ssh": [
    "group: ingress[0] from 0.0.0.0/0: anyone can reach port 22. Allow only the network that needs SSH, or use Session Manager.",
  ],
  "pass-role": [
    'policy: policy, statement One: iam:PassRole with iam:PassRole: the role can be passed to any service. Add the condition "StringEquals": {"iam:PassedToService": "SERVICE.amazonaws.com"}.',
  ],
  "privilege-escalation": [
    "make: policy, statement One: Resource arn:aws:lambda:us-east-1:111122223333:function:* with lambda:CreateFunction and lambda:InvokeFunction: for lambda:CreateFunction it matches every function. List the intended ones (arn:${Partition}:lambda:${Region}:${Account}:function:${FunctionName}).",
    "pass: policy, statement One: Resource arn:aws:iam::111122223333:role/* with iam:PassRole: for iam:PassRole it matches every role. List the intended ones (arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}).",
    "pass: policy, statement One: Resource arn:aws:iam::111122223333:role/* with iam:PassRole: more than one role can be passed. Specify the ARN of each role that is passed.",
    "role: lambda-001: iam:PassRole and lambda:CreateFunction and lambda:InvokeFunction: it can act with a role passed to lambda.amazonaws.com. Remove one of these actions, or restrict its resources.",
  ],
  "public-function-url": [
    "url: authorizationType NONE: anyone can call the function. Set authorizationType AWS_IAM, or waive this finding and say what limits the risk.",
  ],
  "public-resource-policy": [
    "permission: permission, statement number 1: Principal * with lambda:InvokeFunction: anyone may use the resource, and no condition restricts the caller. List the principals, or add a condition, e.g. on aws:SourceAccount.",
  ],
  "resource-type-mismatch": [
    "policy: policy, statement One: Action sns:Publish: it accepts no resource of the statement, so the statement does not allow it at all. Use a resource of the format arn:${Partition}:sns:${Region}:${Account}:${TopicName}.",
    "policy: policy, statement One: Resource arn:aws:sqs:us-east-1:111122223333:checks: no action of the statement accepts a resource of that type. Remove it, or list the actions that are intended for it.",
  ],
  "star-action": [
    "component: grants, statement Tell: Action sns:*: it matches 41 actions, of which 24 write: sns:AddPermission, sns:ConfirmSubscription, sns:CreatePlatformApplication and 21 more. List each action that is called.",
  ],
  "star-resource": [
    "component: grants, statement Tell: Resource * with sns:Publish: the action accepts a resource (topic). List the ARNs instead.",
  ],
  "trust-principal": [
    "role: assumeRolePolicy, statement number 1: Principal AWS *: anyone may assume the role. Specify the principal that does.",
    "role: assumeRolePolicy: Principal Service lambda.amazonaws.com and ec2.amazonaws.com: each service would have the permissions that the others need. Create a role for each.",
  ],
  "unknown-action": [
    "component: grants, statement Tell: Action sns:Publsh: there is no such action. Write sns:Publish.",
  ],
  "unknown-condition-key": [
    "component: grants, statement Tell: Condition StringEquals sns:Protokol: there is no such key. Use a key of AWS's references.",
  ],
  "unknown-document": [
    "hidden: policy: it is not known before deployment (it depends on aws:sns/topic:Topic topic), so no rule can check it. Build its ARNs from known names, or pass its statements as `grants` to its parent component (identity policies only).",
  ],
  "vacuous-condition": [
    "component: grants, statement Tell: Condition StringLike aws:PrincipalArn: it restricts nothing: * matches every value. Require the intended values, or remove it.",
  ],
};

describe("the policy pack in the real engine", () => {
  let environment: TestEnvironment;
  before(async () => {
    environment = await startTestEnvironment();
  });
  after(() => environment.stop());

  /** The programs of one mistake are no whole stacks: stack-rules.spec.ts has those. */
  const noStack = {
    "foreign-arn": { enforcementLevel: "disabled" },
    "unused-role": { enforcementLevel: "disabled" },
  };

  /** An engine for a program, in a separate stack, with a configuration of the pack. */
  async function engineOf(program: string, config: object = {}) {
    const stack = join(environment.folder, `${basename(program, ".ts")}-${Math.random()}`);
    const policyPackConfig = writeConfig(environment, { ...noStack, ...config });
    return environment.createEngine({ program, folder: stack, policyPackConfig });
  }

  describe("in the first preview of a bad program", () => {
    const results = new Map<string, readonly string[]>();
    const programs = globSync("*.ts", { cwd: join(root, folder) }).map((it) => basename(it, ".ts"));

    before(() =>
      inWorkers(2, programs, async (name) => {
        const engine = await engineOf(`${folder}/${name}.ts`);
        results.set(name, (await failureOf(engine.preview())).violations);
      }),
    );

    it("knows what each program of the folder does wrong", () => {
      expect(Object.keys(findings)).to.have.members(programs);
    });

    for (const [name, expected] of Object.entries(findings)) {
      it(`fails ${name} with exactly its findings`, () => {
        expect([...(results.get(name) ?? [])].sort()).to.deep.equal(expected);
      });
    }
  });

  it("checks a program that knows nothing of this repository", async () => {
    const engine = await engineOf("policy/test/fixtures/unrelated/index.ts");

    const { violations } = await failureOf(engine.preview());

    expect([...violations].sort()).to.deep.equal([
      "order-worker-data: policy: it is not known before deployment (it depends on aws:dynamodb/table:Table orders and aws:sqs/queue:Queue order-queue), so no rule can check it. Build its ARNs from known names, or pass its statements as `grants` to its parent component (identity policies only).",
      "order-worker: managedPolicyArns arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole: it allows more than one program needs, and AWS adds to it. Allow the actions that the code calls in a policy of the stack.",
    ]);
  });

  it("stops `up` before IAM gets a document, once it is known", async () => {
    const engine = await engineOf(`${folder}/unknown-document.ts`);

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
    const program = `${folder}/star-resource.ts`;
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
      expect(run.violations).to.deep.equal(findings["star-resource"]);
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
