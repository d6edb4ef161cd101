import { expect } from "chai";
import { type Authorizer, refuseAll } from "../../../aws/authorizer.ts";
import { authorize, withoutHiddenTags } from "../../../aws/middleware/authorize.ts";
import type { ApiCall } from "../../../aws/middleware/middleware.ts";
import { apiCall, responseOf } from "../../support.ts";

const FunctionArn = "arn:aws:lambda:us-east-1:000000000000:function:reboot";
const session = { role: "deploy" };
const ofFunction = { role: "reboot-role", functionName: "reboot", functionArn: FunctionArn };
const signed = {
  authorization: "AWS4-HMAC-SHA256 Credential=ASIASESSION/20260131/us-east-1/ec2/aws4_request",
  "x-amz-security-token": "token",
};

/** What the middleware asks of an authorizer and forwards, when the authorizer refuses as given. */
function start(authorizer: Partial<Authorizer> = {}) {
  const asked: (string | undefined)[][] = [];
  const forwarded: ApiCall[] = [];
  const middleware = authorize(
    {
      ...refuseAll,
      async refusalOf(role, request, functionArn) {
        asked.push([role, request.body, functionArn]);
        return undefined;
      },
      ...authorizer,
    },
    "AKIAROOT",
  );
  const pass = (call: ApiCall, body = "done") =>
    middleware(call, async (it) => {
      forwarded.push(it);
      return responseOf(body);
    });
  return { asked, forwarded, pass };
}

const createRole = apiCall({
  service: "iam",
  body: "Action=CreateRole&RoleName=reboot-role&PermissionsBoundary=arn:b",
});
const run = { body: "Action=RunInstances" };

describe("authorize", () => {
  it("forwards a call by root without asking", async () => {
    const { asked, forwarded, pass } = start();

    await pass(apiCall(run));

    expect(asked).to.deep.equal([]);
    expect(forwarded).to.have.length(1);
  });

  it("forwards the call of a session that the authorizer allows as root's", async () => {
    const { asked, forwarded, pass } = start();

    await pass(apiCall(run, { caller: session, headers: signed }));

    expect(asked).to.deep.equal([["deploy", "Action=RunInstances", undefined]]);
    expect(forwarded[0]?.headers).to.deep.equal({
      authorization: "AWS4-HMAC-SHA256 Credential=AKIAROOT/20260131/us-east-1/ec2/aws4_request",
    });
  });

  it("responds with the authorizer's refusal and forwards nothing", async () => {
    const { forwarded, pass } = start({ refusalOf: async () => responseOf("denied", 403) });

    const { status } = await pass(apiCall(run, { caller: session }));

    expect(status).to.equal(403);
    expect(forwarded).to.deep.equal([]);
  });

  it("leaves a function whose role has no boundary to the emulator", async () => {
    const { asked, forwarded, pass } = start();

    await pass(apiCall(run, { caller: ofFunction, headers: signed }));

    expect(asked).to.deep.equal([]);
    expect(forwarded[0]?.headers).to.deep.equal(signed);
  });

  it("asks about a function whose role has a boundary", async () => {
    const { asked, pass } = start();
    await pass(createRole);

    await pass(apiCall(run, { caller: ofFunction }));

    expect(asked).to.deep.equal([["reboot-role", "Action=RunInstances", FunctionArn]]);
  });

  it("says after a call of IAM that policies may have changed", async () => {
    let changes = 0;
    const { pass } = start({ policiesMayHaveChanged: () => changes++ });

    await pass(createRole);
    await pass(apiCall(run));

    expect(changes).to.equal(1);
  });
});

describe("an environment without an authorizer", () => {
  it("refuses a session, and says how to start one with an authorizer", async () => {
    const { forwarded, pass } = start(refuseAll);

    const { status, body } = await pass(apiCall(run, { caller: session }));

    expect(status).to.equal(403);
    expect(body.toString()).to.equal(
      "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>This sandbox cannot " +
        "authorize a call of the role deploy, because it was started without an authorizer. Start it " +
        "with `createAuthorizer` (sandbox/environment.ts), as pipeline/rehearsal does.</Message>" +
        "</Error></Errors><RequestID>sandbox</RequestID></Response>",
    );
    expect(forwarded).to.deep.equal([]);
  });

  it("refuses a function whose role has a boundary", async () => {
    const { pass } = start(refuseAll);
    await pass(createRole);

    expect((await pass(apiCall(run, { caller: ofFunction }))).status).to.equal(403);
  });

  it("refuses a token for a role", async () => {
    const { request } = apiCall({ service: "sts" });

    expect((await refuseAll.assumeRoleWithWebIdentity(request)).status).to.equal(403);
  });
});

const response = responseOf(
  JSON.stringify({ Configuration: { FunctionArn }, Tags: { Owner: "team" } }),
);
const { request } = apiCall({
  service: "lambda",
  method: "GET",
  path: "/2015-03-31/functions/reboot",
});

describe("withoutHiddenTags", () => {
  it("hides a function's tags from a caller who is not allowed to list them", async () => {
    const { body } = await withoutHiddenTags(response, request, async () => false);

    expect(JSON.parse(body.toString())).to.deep.equal({ Configuration: { FunctionArn } });
  });

  it("shows them to a caller who is allowed to, on that function", async () => {
    const asked: string[] = [];

    const shown = await withoutHiddenTags(response, request, async (action, resource) => {
      asked.push(`${action} on ${resource}`);
      return true;
    });

    expect(shown).to.equal(response);
    expect(asked).to.deep.equal([`lambda:ListTags on ${FunctionArn}`]);
  });

  for (const other of [
    { path: "/2017-03-31/tags/x" },
    { path: "/2015-03-31/functions/reboot/policy" },
    { service: "sns" },
  ]) {
    it(`leaves the response to ${JSON.stringify(other)} unchanged`, async () => {
      const kept = await withoutHiddenTags(response, { ...request, ...other }, async () => false);

      expect(kept).to.equal(response);
    });
  }
});
