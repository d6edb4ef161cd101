import { request as httpRequest } from "node:http";
import { EC2Client } from "@aws-sdk/client-ec2";
import { expect } from "chai";
import { refuseAll } from "../../aws/authorizer.ts";
import { identityToken } from "../../aws/identity-token.ts";
import {
  call,
  createdFunction,
  functionArn,
  gatewayForEach,
  keyOfFunction,
  responseOf,
  rootKey,
  send,
  signedHeaders,
} from "../support.ts";

const terminate = { service: "ec2", body: "Action=TerminateInstances&InstanceId.1=i-1" };

/** The part of the AWS SDK's signer that its type does not have. */
interface Presigner {
  presign(request: object): Promise<{ query: Record<string, string> }>;
}

describe("the gateway's access", () => {
  const start = gatewayForEach();

  it("is root's with the run's access key", async () => {
    const { gateway } = await start();

    expect(await call(gateway.port, terminate)).to.include({ status: 200, body: "done" });
  });

  for (const [what, key] of [
    ["test/test", { accessKeyId: "test", secretAccessKey: "test" }],
    ["an account's id", { accessKeyId: "000000000000", secretAccessKey: "test" }],
    ["root's access key with a wrong secret", { ...rootKey, secretAccessKey: "test" }],
    ["a function that does not exist", keyOfFunction],
  ] as const) {
    it(`is refused with ${what}`, async () => {
      const { emulator, gateway } = await start();

      const { status, body } = await call(gateway.port, terminate, key);

      expect(status).to.equal(403);
      expect(body).to.match(/<Response><Errors><Error><Code>\w+<\/Code>/);
      expect(emulator.requests).to.deep.equal([]);
      expect(gateway.calls).to.deep.equal([]);
    });
  }

  it("is refused without a signature", async () => {
    const { emulator, gateway } = await start();

    const { status, body } = await send(gateway.port, { body: terminate.body });

    expect(status).to.equal(403);
    expect(body).to.include("<Code>MissingAuthenticationToken</Code>");
    expect(body).to.include("expected a signature");
    expect(emulator.requests).to.deep.equal([]);
  });

  it("is refused by the headers alone, before the body arrives", async () => {
    const { gateway } = await start();
    const unknown = { ...rootKey, accessKeyId: "AKIAUNKNOWN" };
    const headers = await signedHeaders(gateway.port, terminate, unknown);

    for (const each of [headers, { host: "abc.lambda-url.us-east-1.on.aws" }]) {
      const status = await new Promise((resolve, reject) => {
        const options = { host: "127.0.0.1", port: gateway.port, method: "POST" };
        const unfinished = httpRequest({ ...options, headers: each }, (response) => {
          resolve(response.statusCode);
          unfinished.destroy();
        });
        unfinished.on("error", reject);
        unfinished.write("the first part of a body");
      });

      expect(status).to.equal(403);
    }
  });

  it("is refused with root's key in the query", async () => {
    const { emulator, gateway } = await start();
    const { config } = new EC2Client({ region: "us-east-1", credentials: rootKey });
    const scope = { signingName: "ec2", signingRegion: "us-east-1" };
    const signer = await config.signer({ name: "sigv4", ...scope, properties: {} });
    const { query } = await (signer as unknown as Presigner).presign({
      method: "GET",
      protocol: "http:",
      hostname: "127.0.0.1",
      path: "/",
      query: { Action: "TerminateInstances", "InstanceId.1": "i-1" },
      headers: { host: `127.0.0.1:${gateway.port}` },
    });
    const path = `/?${new URLSearchParams(query)}`;
    expect(path).to.include("X-Amz-Signature=");

    const { status } = await send(gateway.port, { method: "GET", path });

    expect(status).to.equal(403);
    expect(emulator.requests).to.deep.equal([]);
  });

  for (const [what, change] of [
    ["with Origin", { headers: { origin: "https://evil.example" } }],
    ["with Sec-Fetch-Site", { headers: { "sec-fetch-site": "cross-site" } }],
    ["by OPTIONS", { method: "OPTIONS" }],
  ] as const) {
    it(`is refused ${what}, even with a right signature`, async () => {
      const { emulator, gateway } = await start();
      const { port } = gateway;
      const signed = await signedHeaders(port, { ...terminate, ...change });

      const { status } = await send(port, { ...terminate, ...change, headers: signed });

      expect(status).to.equal(403);
      expect(emulator.requests).to.deep.equal([]);
    });
  }

  // A real function URL responds to browsers. In the sandbox nothing calls it from one, and its code runs
  // as the person who started it.
  it("is refused to web pages for a function URL too", async () => {
    const { gateway } = await start();
    const host = "abc.lambda-url.us-east-1.on.aws";

    const { status, body } = await send(gateway.port, {
      headers: { host, origin: "https://evil.example" },
    });

    expect(status).to.equal(403);
    expect(body).to.include("Origin");
  });

  it("never lets a web page read a response", async () => {
    const headers = {
      "Access-Control-Allow-Origin": "*",
      "access-control-expose-headers": "*",
      "x-amzn-requestid": "r1",
    };
    const { gateway } = await start(() => ({ headers }));

    const response = await call(gateway.port, terminate);

    expect(response.headers["x-amzn-requestid"]).to.equal("r1");
    expect(Object.keys(response.headers).join()).not.to.include("access-control");
  });

  it("is a function's once Lambda has named it", async () => {
    const { gateway } = await start(() => ({ body: createdFunction }));
    await call(gateway.port, { service: "lambda", path: "/2015-03-31/functions" });

    expect((await call(gateway.port, terminate, keyOfFunction)).status).to.equal(200);
    const wrong = { ...keyOfFunction, secretAccessKey: "test" };
    expect((await call(gateway.port, terminate, wrong)).status).to.equal(403);
  });

  describe("with GitHub's token", () => {
    const claims = { iss: "https://token.actions.githubusercontent.com", aud: "sts.amazonaws.com" };
    const credentials = {
      accessKeyId: "ASIASESSION",
      secretAccessKey: "secret-of-session",
      sessionToken: "token-of-session",
    };
    const sessionResponse =
      "<AssumeRoleWithWebIdentityResponse><Credentials>" +
      "<AccessKeyId>ASIASESSION</AccessKeyId><SecretAccessKey>secret-of-session</SecretAccessKey>" +
      "<SessionToken>token-of-session</SessionToken></Credentials>" +
      "<Arn>arn:aws:sts::000000000000:assumed-role/deploy/github</Arn>" +
      "</AssumeRoleWithWebIdentityResponse>";

    /** A gateway whose authorizer gives every token a session; the roles that it authorized. */
    async function startWithSessions() {
      const roles: string[] = [];
      const running = await start(undefined, () => ({
        ...refuseAll,
        assumeRoleWithWebIdentity: async () => responseOf(sessionResponse),
        async refusalOf(role) {
          roles.push(role);
          return undefined;
        },
      }));
      return { ...running, roles };
    }

    const assume = (WebIdentityToken: string) => ({
      body: `${new URLSearchParams({
        Action: "AssumeRoleWithWebIdentity",
        RoleArn: "arn:aws:iam::000000000000:role/deploy",
        RoleSessionName: "github",
        WebIdentityToken,
      })}`,
    });

    it("is a session's, whose key is then valid", async () => {
      const { gateway, roles } = await startWithSessions();
      const whoAmI = { service: "sts", body: "Action=GetCallerIdentity" };

      const { status } = await send(gateway.port, assume(identityToken(claims, rootKey)));

      expect(status).to.equal(200);
      expect((await call(gateway.port, whoAmI, credentials)).status).to.equal(200);
      expect(roles).to.deep.equal(["deploy"]);
      const wrong = { ...credentials, secretAccessKey: "s" };
      expect((await call(gateway.port, whoAmI, wrong)).status).to.equal(403);
    });

    it("is refused without an authorizer", async () => {
      const { emulator, gateway } = await start();

      const { status, body } = await send(gateway.port, assume(identityToken(claims, rootKey)));

      expect(status).to.equal(403);
      expect(body).to.include("started without an authorizer");
      expect(emulator.requests).to.deep.equal([]);
    });

    for (const [what, token] of [
      ["another run signed", identityToken(claims, { ...rootKey, secretAccessKey: "other" })],
      ["nobody signed", identityToken(claims, rootKey).replace(/[^.]+$/, "")],
      ["says something else", `e30.e30.${identityToken(claims, rootKey).split(".")[2]}`],
      ["is none", "unsigned"],
    ] as const) {
      it(`is refused for one that ${what}`, async () => {
        const { emulator, gateway } = await startWithSessions();

        expect((await send(gateway.port, assume(token))).status).to.equal(403);
        expect(emulator.requests).to.deep.equal([]);
      });
    }

    it("is no other call's", async () => {
      const { emulator, gateway } = await startWithSessions();
      const { body } = assume(identityToken(claims, rootKey));
      const other = { body: body.replace("AssumeRoleWithWebIdentity", "CreateUser") };

      expect((await send(gateway.port, other)).status).to.equal(403);
      expect((await send(gateway.port, { path: "/?Action=CreateUser", body })).status).to.equal(
        403,
      );
      expect(emulator.requests).to.deep.equal([]);
    });
  });

  describe("to a function's code", () => {
    const base = "/_ministack/lambda-code/000000000000/us-east-1/reboot?X-Amz-Expires=600";
    const time = (minutesAgo: number) =>
      new Date(Date.now() - minutesAgo * 60_000).toISOString().replace(/[-:]|\.\d+/g, "");

    /** The link in the response to GetFunction, when the emulator's is `minutesAgo` old. */
    async function startWithLink(minutesAgo: number) {
      const link = `${base}&X-Amz-Date=${time(minutesAgo)}&X-Amz-Signature=local`;
      const Location = `http://localhost:1${link}`;
      const running = await start(({ path }) => ({
        body: path.startsWith("/_ministack/")
          ? "the code"
          : JSON.stringify({ Configuration: { FunctionArn: functionArn }, Code: { Location } }),
      }));
      const path = "/2015-03-31/functions/reboot";
      const got = await call(running.gateway.port, { service: "lambda", method: "GET", path });
      const { pathname, search } = new URL(JSON.parse(got.body).Code.Location);
      const download = (asked: string) =>
        send(running.gateway.port, { method: "GET", path: asked });
      return { link, signed: pathname + search, download };
    }

    it("is everyone's who has the link that GetFunction returns", async () => {
      const { signed, download } = await startWithLink(0);

      expect(await download(signed)).to.include({ status: 200, body: "the code" });
    });

    it("is refused with the emulator's link, another function's and an old one", async () => {
      const { link, signed, download } = await startWithLink(0);
      const old = await startWithLink(11);

      expect((await download(link)).status).to.equal(403);
      expect((await download(base)).status).to.equal(403);
      expect((await download(signed.replace("/reboot?", "/other?"))).status).to.equal(403);
      expect((await old.download(old.signed)).status).to.equal(403);
    });
  });
});
