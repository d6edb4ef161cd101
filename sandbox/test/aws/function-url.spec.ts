import { LambdaClient } from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { functionUrlCaller, isOpenToAll } from "../../aws/function-url.ts";
import { errorOf, type FakeResponse, startFakeServer, stopAfterEach } from "../support.ts";

const forUrl = {
  Effect: "Allow",
  Principal: "*",
  Action: "lambda:InvokeFunctionUrl",
  Condition: { StringEquals: { "lambda:FunctionUrlAuthType": "NONE" } },
};
const forFunction = {
  Effect: "Allow",
  Principal: "*",
  Action: "lambda:InvokeFunction",
  Condition: { Bool: { "lambda:InvokedViaFunctionUrl": "true" } },
};

describe("isOpenToAll", () => {
  const stoppedLater = stopAfterEach();

  async function ask(response: FakeResponse): Promise<boolean> {
    const { port } = stoppedLater(await startFakeServer(() => response));
    const lambda = new LambdaClient({
      endpoint: `http://127.0.0.1:${port}`,
      region: "us-east-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
    return isOpenToAll(lambda, "arn:aws:lambda:us-east-1:000000000000:function:reboot");
  }

  const account = { AWS: "arn:aws:iam::111111111111:root" };
  const cases: [string, object[], boolean][] = [
    ["no statement", [], false],
    ["both permissions", [forUrl, forFunction], true],
    ["both in the other order", [forFunction, forUrl], true],
    [
      "everyone named as an AWS principal",
      [{ ...forUrl, Principal: { AWS: "*" } }, forFunction],
      true,
    ],
    [
      "true that is not a string",
      [forUrl, { ...forFunction, Condition: { Bool: { "lambda:InvokedViaFunctionUrl": true } } }],
      true,
    ],
    ["InvokeFunctionUrl alone", [forUrl], false],
    ["InvokeFunction alone", [forFunction], false],
    [
      "InvokeFunctionUrl without its condition",
      [{ ...forUrl, Condition: undefined }, forFunction],
      false,
    ],
    [
      "InvokeFunction without its condition",
      [forUrl, { ...forFunction, Condition: undefined }],
      false,
    ],
    [
      "the conditions exchanged",
      [
        { ...forUrl, Condition: forFunction.Condition },
        { ...forFunction, Condition: forUrl.Condition },
      ],
      false,
    ],
    [
      "the auth type AWS_IAM",
      [
        { ...forUrl, Condition: { StringEquals: { "lambda:FunctionUrlAuthType": "AWS_IAM" } } },
        forFunction,
      ],
      false,
    ],
    [
      "calls that do not come by the URL",
      [
        forUrl,
        { ...forFunction, Condition: { Bool: { "lambda:InvokedViaFunctionUrl": "false" } } },
      ],
      false,
    ],
    ["an account that may call the URL", [{ ...forUrl, Principal: account }, forFunction], false],
    ["a service that may call", [forUrl, { ...forFunction, Principal: { Service: "*" } }], false],
  ];
  for (const [what, statements, expected] of cases) {
    it(`is ${expected} with ${what}`, async () => {
      const Policy = JSON.stringify({ Version: "2012-10-17", Statement: statements });

      expect(await ask({ body: JSON.stringify({ Policy }) })).to.equal(expected);
    });
  }

  it("is false when the function has no policy", async () => {
    const headers = { "x-amzn-errortype": "ResourceNotFoundException" };

    expect(await ask({ status: 404, headers, body: "{}" })).to.equal(false);
  });

  it("fails when AWS responds with another error", async () => {
    const headers = { "x-amzn-errortype": "AccessDeniedException" };
    const body = '{"message":"not for you"}';

    expect(await errorOf(ask({ status: 403, headers, body }))).to.equal("not for you");
  });
});

describe("functionUrlCaller", () => {
  const stoppedLater = stopAfterEach();

  async function start(response: FakeResponse = { status: 202, body: "taken" }) {
    const gateway = stoppedLater(await startFakeServer(() => response));
    return { gateway, callUrl: functionUrlCaller(gateway.port) };
  }

  it("posts to the gateway, with the URL's host, the headers and the body", async () => {
    const { gateway, callUrl } = await start();

    await callUrl("https://abc.lambda-url.us-east-1.on.aws/", {
      headers: { authorization: "Bearer token" },
      body: "länger",
    });

    const [request] = gateway.requests;
    expect(request).to.include({ method: "POST", path: "/", body: "länger" });
    expect(request?.headers).to.include({
      host: "abc.lambda-url.us-east-1.on.aws",
      authorization: "Bearer token",
      "content-length": "7",
    });
  });

  it("keeps the URL's path and query", async () => {
    const { gateway, callUrl } = await start();

    await callUrl("https://abc.lambda-url.us-east-1.on.aws/a/b?c=d", { method: "GET" });

    expect(gateway.requests[0]).to.include({ method: "GET", path: "/a/b?c=d", body: "" });
  });

  it("returns status and body", async () => {
    const { callUrl } = await start();

    const response = await callUrl("https://abc.lambda-url.us-east-1.on.aws/", {});

    expect(response).to.deep.equal({ status: 202, body: "taken" });
  });

  it("fails when the response breaks off", async () => {
    const { callUrl } = await start({ body: "part", breaksOff: true });

    const error = await errorOf(callUrl("https://abc.lambda-url.us-east-1.on.aws/", {}));

    expect(error).to.equal("aborted");
  });
});
