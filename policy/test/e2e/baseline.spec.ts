import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { root } from "../../../sandbox/test-environment.ts";
import { type Shop, startShop } from "./changed-file.ts";

const command = "node_modules/.bin/least-privilege-iam";
const baseline = `CI= ${command} baseline --owner 'shop team' --reason 'Older than the pack.'`;
const preview = `pulumi preview --policy-pack ${command} --policy-pack-config policy-config.json`;

/** A role for a service, with one policy for each of these statements. */
function roleWith(statements: Readonly<Record<string, object>>): string {
  const document = (it: object) => JSON.stringify({ Version: "2012-10-17", Statement: [it] });
  const trust = {
    Effect: "Allow",
    Principal: { Service: "codebuild.amazonaws.com" },
    Action: "sts:AssumeRole",
    Condition: { StringEquals: { "aws:SourceAccount": "000000000000" } },
  };
  const policies = Object.entries(statements).map(
    ([name, it]) =>
      `new aws.iam.RolePolicy("${name}", { role: role.name, policy: ${JSON.stringify(document(it))} });`,
  );
  return `
    import * as aws from "@pulumi/aws";
    const role = new aws.iam.Role("role", { assumeRolePolicy: ${JSON.stringify(document(trust))} });
    ${policies.join("\n")}
  `;
}

const publish = { Sid: "Tell", Effect: "Allow", Action: "sns:Publish", Resource: "*" };
const send = { Sid: "Send", Effect: "Allow", Action: "sqs:SendMessage", Resource: "*" };

describe("the baseline of a program with findings, in the real engine", () => {
  let shop: Shop;
  const waivers = () => join(shop.project, "policy-waivers.json");
  const run = (line: string) => shop.run(line);
  before(async () => {
    shop = await startShop();
    rmSync(waivers());
    shop.write("policy-config.json", JSON.stringify({ waivers: { file: "policy-waivers.json" } }));
    const installed = await run(
      `npm install --save-dev --offline $(npm pack --silent ${join(root, "policy")})`,
    );
    expect(installed.code, installed.error).to.equal(0);
  });
  after(() => shop.environment.stop());

  it("is not written if the program fails", async () => {
    shop.setUp({ code: `${roleWith({ policy: publish })} throw new Error("no settings");` });
    rmSync(waivers());

    const { code, output, error } = await run(baseline);

    expect([code, output], error).to.deep.equal([2, ""]);
    expect(error).to.include("no settings");
    expect(error).to.match(/error: the preview is not whole: something failed besides findings\n$/);
    expect(existsSync(waivers())).to.equal(false);
  });

  it("accepts the findings of resources and of the stack", async () => {
    shop.setUp({ code: roleWith({ policy: publish }) });
    rmSync(waivers());

    const { code, output, error } = await run(baseline);

    expect(code, error).to.equal(0);
    expect(output).to.include(`\nThen run: ${preview}\n`);
    expect(output).to.match(
      /^policy-waivers\.json: 2 waivers\n {2}star-resource {2}1 until .*\n {2}unused-role {4}1 until .*\n/,
    );
    const accepted = { reason: "Older than the pack.", owner: "shop team" };
    const entries = JSON.parse(readFileSync(waivers(), "utf8"));
    expect(entries.map(({ expires: _, ...rest }: { expires: string }) => rest)).to.deep.equal([
      {
        rule: "star-resource",
        type: "aws:iam/rolePolicy:RolePolicy",
        name: "policy",
        finding: "policy, statement Tell: Resource * with sns:Publish",
        ...accepted,
      },
      {
        rule: "unused-role",
        type: "aws:iam/role:Role",
        name: "role",
        finding: "role",
        ...accepted,
      },
    ]);
  });

  it("makes the preview pass, with the command that it prints", async () => {
    const { code, output } = await run(preview);

    expect(code, output).to.equal(0);
  });

  it("does not excuse a new finding, which explain knows by its ID", async () => {
    shop.write("index.ts", roleWith({ policy: publish, another: send }));

    const { code, output } = await run(`SARIF_FILE=findings.sarif ${preview}`);
    const sarif = JSON.parse(readFileSync(join(shop.project, "findings.sarif"), "utf8"));
    const open = sarif.runs[0].results.filter((it: { suppressions?: [] }) => !it.suppressions);
    const [{ partialFingerprints }] = open;
    const digits = partialFingerprints.primaryLocationLineHash.slice(0, 8);
    const explained = await run(`${command} explain ${digits} --sarif findings.sarif`);

    expect(code, output).not.to.equal(0);
    expect(open.map((it: { ruleId: string }) => it.ruleId)).to.deep.equal(["star-resource"]);
    expect(explained.output, explained.error).to.include(
      '"finding": "policy, statement Send: Resource * with sqs:SendMessage"',
    );
    expect(explained.output).to.match(/\nCreated in: .*shop\/index\.ts:\d+\n/);
  });

  it("lists a waiver whose finding is fixed", async () => {
    const topic = "arn:aws:sns:us-east-1:000000000000:tenant-events";
    shop.write("index.ts", roleWith({ policy: { ...publish, Resource: topic } }));

    const { code, output } = await run(preview);

    expect(code, output).not.to.equal(0);
    expect(output).to.match(/\[mandatory\] .*unused-waiver/);
    expect(output).to.include(
      "waiver of star-resource for aws:iam/rolePolicy:RolePolicy policy, policy, statement Tell: Resource * with sns:Publish: there is no such finding",
    );
  });

  it("is never written a second time", async () => {
    const before = readFileSync(waivers(), "utf8");

    const { code, error } = await run(baseline);

    expect(code).to.equal(2);
    expect(error).to.include("policy-waivers.json exists: baseline changes no waivers file");
    expect(readFileSync(waivers(), "utf8")).to.equal(before);
  });
});
