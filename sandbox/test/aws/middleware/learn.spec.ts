import { expect } from "chai";
import { AccessKeys } from "../../../aws/access-keys.ts";
import { learn } from "../../../aws/middleware/learn.ts";
import { apiCall, responseOf } from "../../support.ts";

const root = { accessKeyId: "AKIAROOT", secretAccessKey: "secret" };
const functionArn = "arn:aws:lambda:us-east-1:000000000000:function:reboot";

/** What the gateway knows after it has passed on a call with this response. */
async function learned(request: { service: string; body: string }, response: string) {
  const keys = new AccessKeys(root);
  const functionsOfUrls = new Map<string, string>();
  const passed = await learn(keys, functionsOfUrls)(apiCall(request), async () =>
    responseOf(response),
  );
  expect(passed.body.toString()).to.equal(response);
  return { keys, functionsOfUrls };
}

describe("learn", () => {
  it("learns which function has which URL", async () => {
    const { functionsOfUrls } = await learned(
      { service: "lambda", body: "" },
      JSON.stringify({ FunctionArn: functionArn, FunctionUrl: "http://abc.lambda-url.test/" }),
    );

    expect([...functionsOfUrls]).to.deep.equal([["abc.lambda-url.test", functionArn]]);
  });

  it("learns the access key of a session, and its role", async () => {
    const { keys, functionsOfUrls } = await learned(
      { service: "sts", body: "Action=AssumeRole&RoleArn=x" },
      "<Arn>arn:aws:sts::000000000000:assumed-role/deploy/up</Arn><AccessKeyId>ASIAONE</AccessKeyId>" +
        "<SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>",
    );

    expect(keys.callerOf("ASIAONE")).to.deep.equal({ role: "deploy" });
    expect([...functionsOfUrls]).to.deep.equal([]);
  });

  it("learns nothing from a refused session", async () => {
    const { keys } = await learned(
      { service: "sts", body: "Action=AssumeRole&RoleArn=x" },
      "<Error><Code>AccessDenied</Code></Error>",
    );

    expect(keys.callerOf("ASIAONE")).to.deep.equal({});
  });
});
