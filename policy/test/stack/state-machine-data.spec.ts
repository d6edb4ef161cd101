import { expect } from "chai";
import { loadProgram } from "../../../sandbox/engine/program.ts";

const data = loadProgram<typeof import("../../data/state-machines.ts")>(
  "policy/data/state-machines.ts",
);
const { integrationOf } = loadProgram<typeof import("../../stack/integrations.ts")>(
  "policy/stack/integrations.ts",
);
const { actionsOf } = loadProgram<typeof import("../../iam/actions.ts")>("policy/iam/actions.ts");

const { integrationActions, integrationRequirements, jobWaits } = data;
const requirements = [
  data.assumesRole,
  data.encryptsExecutions,
  data.logsExecutions,
  data.readsItems,
  data.runsDistributed,
  data.tracesExecutions,
  data.writesResults,
  ...Object.values(integrationRequirements),
  ...Object.values(jobWaits),
];

describe("what a state machine's definition implies", () => {
  it("names actions that exist, with a page of AWS", async () => {
    const actions = requirements.flatMap((it) => [...it.required, ...(it.optional ?? [])]);
    const all = [...actions, ...data.ruleActions, ...Object.values(integrationActions).flat()];
    for (const action of new Set(all)) {
      expect((await actionsOf(action)).map(({ name }) => name)).to.deep.equal([action]);
    }
    for (const { url } of requirements) expect(url).to.match(/^https:\/\/docs\.aws\.amazon\.com\//);
  });

  it("waits for jobs of integrations that exist", async () => {
    for (const name of [...Object.keys(jobWaits), ...Object.keys(integrationActions)]) {
      expect((await integrationOf(`arn:aws:states:::${name}`)).kind, name).to.equal("call");
    }
  });

  it("finds the service of each SDK client that Step Functions spells otherwise", async () => {
    const calls = [
      "applicationdiscovery:describeAgents",
      "config:describeConfigRules",
      "cloudwatchlogs:putLogEvents",
      "cognitoidentityprovider:adminGetUser",
      "databasemigration:describeEndpoints",
      "directory:describeDirectories",
      "ec2:describeInstances",
      "eventbridge:putEvents",
      "iotdataplane:publish",
      "opensearch:describeDomain",
      "sesv2:sendEmail",
      "sfn:startSyncExecution",
      "secretsmanager:getSecretValue",
      "bedrockruntime:converse",
    ];
    for (const it of calls) {
      expect((await integrationOf(`arn:aws:states:::aws-sdk:${it}`)).kind, it).to.equal("call");
    }
  });
});
