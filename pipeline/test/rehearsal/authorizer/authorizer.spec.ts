import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { emulatorTarget } from "../../../../sandbox/aws/emulator.ts";
import { createAuthorizer, type Decision } from "../../../rehearsal/authorizer/authorizer.ts";

const request = {
  accessKeyId: "A",
  region: "us-east-1",
  service: "sns",
  method: "POST",
  path: "/",
  target: "",
  body: "Action=Publish&TopicArn=arn:aws:sns:us-east-1:000000000000:alerts",
};
const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: {
    Effect: "Allow",
    Action: "sts:AssumeRoleWithWebIdentity",
    Principal: {
      Federated: "arn:aws:iam::000000000000:oidc-provider/token.actions.githubusercontent.com",
    },
  },
});
const policy = JSON.stringify({
  Version: "2012-10-17",
  Statement: { Sid: "Topics", Effect: "Allow", Action: "sns:Publish", Resource: "*" },
});

/** Responses of IAM about the role `deploy` and GitHub's provider, by action. */
const iam: Readonly<Record<string, string>> = {
  GetOpenIDConnectProvider: "<ClientIDList><member>sts.amazonaws.com</member></ClientIDList>",
  GetRole: `<Role><AssumeRolePolicyDocument>${encodeURIComponent(trust)}</AssumeRolePolicyDocument></Role>`,
  ListRolePolicies: "<PolicyNames><member>first</member></PolicyNames>",
  GetRolePolicy: `<PolicyDocument>${encodeURIComponent(policy)}</PolicyDocument>`,
  ListAttachedRolePolicies: "<AttachedPolicies></AttachedPolicies>",
};

describe("createAuthorizer", () => {
  const server = createServer(async (incoming, response) => {
    const action = new URLSearchParams(await text(incoming)).get("Action") ?? "";
    asked.push(action);
    response.end(
      `<${action}Response><${action}Result>${iam[action]}</${action}Result></${action}Response>`,
    );
  });
  const asked: string[] = [];
  before(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
  after(() => server.close());
  beforeEach(() => asked.splice(0));

  function start() {
    const decisions: Decision[] = [];
    const { requestHandler: _, ...target } = emulatorTarget("unused", {
      accessKeyId: "AKIAROOT",
      secretAccessKey: "secret",
    });
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const sources = { emulator: { ...target, endpoint }, instanceTypeOf: async () => undefined };
    return { decisions, authorizer: createAuthorizer(sources, decisions) };
  }

  it("allows what the role's policies allow, and notes the statement", async () => {
    const { authorizer, decisions } = start();

    expect(await authorizer.refusalOf("deploy", request, undefined)).to.equal(undefined);
    expect(decisions).to.deep.equal([
      {
        role: "deploy",
        action: "sns:Publish",
        resource: "arn:aws:sns:us-east-1:000000000000:alerts",
        isAllowed: true,
        statement: "Topics",
      },
    ]);
  });

  it("refuses what they do not allow", async () => {
    const { authorizer, decisions } = start();
    const body = "Action=TerminateInstances&InstanceId.1=i-1";

    const refusal = await authorizer.refusalOf(
      "deploy",
      { ...request, body: "Action=CreateTopic&Name=t" },
      undefined,
    );
    const unknown = await authorizer.refusalOf(
      "deploy",
      { ...request, service: "ses", body },
      undefined,
    );

    expect(refusal?.status).to.equal(403);
    expect(`${refusal?.body}`).to.include("assumed-role/deploy/session is not authorized");
    expect(`${unknown?.body}`).to.include("ses: TerminateInstances (not known to the authorizer)");
    expect(decisions.map((it) => it.isAllowed)).to.deep.equal([false, false]);
  });

  it("says for a response that depends on it whether a role may do something", async () => {
    const { authorizer, decisions } = start();

    expect(await authorizer.allows("deploy", "sns:Publish", "*")).to.equal(true);
    expect(await authorizer.allows("deploy", "lambda:ListTags", "*")).to.equal(false);
    expect(decisions).to.deep.equal([]);
  });

  it("reads a role's policies again once they may have changed", async () => {
    const { authorizer } = start();
    const reads = () => asked.filter((it) => it === "ListRolePolicies").length;

    await authorizer.allows("deploy", "lambda:ListTags", "*");
    await authorizer.allows("deploy", "lambda:ListTags", "*");
    expect(reads()).to.equal(1);
    authorizer.policiesMayHaveChanged();
    await authorizer.allows("deploy", "lambda:ListTags", "*");

    expect(reads()).to.equal(2);
  });

  it("gives a session for a token that the role's trust policy accepts", async () => {
    const { authorizer } = start();
    const claims = {
      iss: "https://token.actions.githubusercontent.com",
      aud: "sts.amazonaws.com",
      exp: Math.floor(Date.now() / 1000) + 300,
    };
    const token = `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.x`;
    const body = `${new URLSearchParams({
      Action: "AssumeRoleWithWebIdentity",
      RoleArn: "arn:aws:iam::000000000000:role/deploy",
      RoleSessionName: "github",
      WebIdentityToken: token,
    })}`;

    const { status, body: session } = await authorizer.assumeRoleWithWebIdentity({
      ...request,
      body,
    });

    expect(status).to.equal(200);
    expect(`${session}`).to.match(/<AccessKeyId>ASIA\w+<\/AccessKeyId>/);
    expect(`${session}`).to.include("assumed-role/deploy/github");
  });
});
