import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { type Ended, inShell } from "../any-program/run.ts";
import { checkGenerated } from "./generate.ts";

describe("generate, with the Pulumi CLI", () => {
  const results: Record<string, Ended> = {};
  // Each preview takes seconds, so all run in one copy of the program.
  before(() =>
    inShell("order-workflow", async (run, folder) => {
      await run("pulumi stack init dev");
      results.function = await run("$PACK generate preview charge --json -- --stack dev");
      results.text = await run("$PACK generate preview charge");
      results.machine = await run("$PACK generate preview order-workflow --json");
      results.unknown = await run("$PACK generate preview chargee");
      await run("mkdir temporary");
      const variable = `LEAST_PRIVILEGE_IAM_GENERATE='{"name":"charge","file":"temporary/result.json"}'`;
      results.withVariable = await run(`${variable} pulumi preview --policy-pack $PACK`);
      results.deployment = await run(
        `${variable} pulumi up --yes --skip-preview --policy-pack $PACK`,
      );
      writeFileSync(join(folder, "index.js"), 'throw new Error("no such thing");');
      results.failure = await run("TMPDIR=$PWD/temporary $PACK generate preview charge");
      results.temporary = await run("ls -d temporary/least-privilege-iam-*");
      results.withoutPulumi = await run(
        "PATH=$(dirname $(which node)):/bin $PACK generate preview x",
      );
      results.wrongState = await run("echo {} | $PACK generate - charge");
      results.partial = await run("$PACK generate preview charge -- --target urn");
      results.wrongUse = await run("$PACK generate state.json charge -- --stack dev");
    }),
  );

  it("prints what a function needs before anything is deployed", () => {
    const { code, output, errors } = results.function as Ended;

    expect(errors).to.equal("running pulumi preview\n");
    expect(JSON.parse(output)).to.deep.equal({
      callers: ["aws:lambda/function:Function charge"],
      grants: [
        {
          sid: "UseLogOfCharge",
          actions: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
          resources: ["arn:aws:logs:us-east-1:${account}:log-group:/aws/lambda/charge-0a1b2c3:*"],
        },
        {
          sid: "UseSecretPaymentApiKey",
          actions: ["secretsmanager:GetSecretValue"],
          resources: ["${payment-api-key.arn}"],
        },
      ],
      policy: {
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "UseLogOfCharge",
            Effect: "Allow",
            Action: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
            Resource: ["arn:aws:logs:us-east-1:${account}:log-group:/aws/lambda/charge-0a1b2c3:*"],
          },
          {
            Sid: "UseSecretPaymentApiKey",
            Effect: "Allow",
            Action: ["secretsmanager:GetSecretValue"],
            Resource: ["${payment-api-key.arn}"],
          },
        ],
      },
      placeholders: {
        "${account}": "the account's id",
        "${payment-api-key.arn}": "arn of aws:secretsmanager/secret:Secret payment-api-key",
      },
      unread: [],
      optional: [],
    });
    expect(code).to.equal(0);
  });

  it("prints both for people, and what to replace", () => {
    const { code, output, errors } = results.text as Ended;

    expect(output).to.match(/^Grants:\n\n\[[\s\S]*\n\]\n\nPolicy:\n\n\{[\s\S]*\n\}\n$/);
    expect(errors).to.equal(
      "running pulumi preview\n\nReplace what is not known before deployment:\n" +
        "- ${payment-api-key.arn}: arn of aws:secretsmanager/secret:Secret payment-api-key\n" +
        "- ${account}: the account's id\n",
    );
    expect(code).to.equal(0);
  });

  it("ends with 1 if something is not known", () => {
    const { code, output } = results.machine as Ended;

    expect(JSON.parse(output).unread).to.deep.equal([
      "order-workflow: its definition is not known before deployment",
    ]);
    expect(code).to.equal(1);
  });

  it("lists the functions if there is none with the name", () => {
    expect(results.unknown).to.deep.equal({
      code: 2,
      output: "",
      errors:
        "running pulumi preview\nerror: The stack has no function or state machine with the name chargee. It has charge, order-workflow, reserve\n",
    });
  });

  it("prints what Pulumi says if the preview fails, and nothing else", () => {
    const { code, output, errors } = results.failure as Ended;

    expect(output).to.equal("");
    expect(errors).to.include("no such thing");
    expect(errors).to.match(
      /\nerror: pulumi preview failed with exit code \d+; its output is above\n$/,
    );
    expect(code).to.equal(2);
  });

  it("fails a run with the variable of the command, since the pack checks nothing then", () => {
    const { code, output } = results.withVariable as Ended;

    expect(output).to.match(
      /\[mandatory\] .*generate .*\n.*: LEAST_PRIVILEGE_IAM_GENERATE: the policy pack generated a policy and checked nothing\. Unset the variable/,
    );
    expect(code).to.not.equal(0);
    expect(results.deployment?.code).to.not.equal(0);
    expect(results.deployment?.output).to.not.include("created");
  });

  it("leaves no temporary files", () => {
    expect(results.temporary?.output).to.equal("");
  });

  it("refuses wrong input", () => {
    expect(results.withoutPulumi).to.deep.equal({
      code: 2,
      output: "",
      errors: "running pulumi preview\nerror: pulumi cannot be started: it is not on PATH\n",
    });
    expect(results.wrongState?.errors).to.match(/^error: standard input has no resources/);
    expect(results.partial?.errors).to.match(
      /^error: generate cannot run a preview with --target:/,
    );
    expect(results.wrongUse?.errors).to.equal(
      "error: unexpected arguments --stack dev: only `generate preview` runs pulumi\n",
    );
  });

  it("prints a policy of a deployed stack with which nothing is missing and nothing is unused", async () => {
    expect(await checkGenerated("order-workflow")).to.deep.equal({
      complete: 3,
      incomplete: 0,
      findings: [],
    });
  });
});
