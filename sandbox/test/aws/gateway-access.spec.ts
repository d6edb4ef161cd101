import { EC2Client } from "@aws-sdk/client-ec2";
import { expect } from "chai";
import { claimsOf, jobs } from "../../../pipeline/rehearsal/github-token.ts";
import { startGateway } from "../../aws/gateway.ts";
import { identityToken } from "../../aws/identity-token.ts";
import {
  call,
  createdFunction,
  type FakeAnswer,
  functionArn,
  keyOfFunction,
  rootKey,
  type SeenRequest,
  send,
  signedHeaders,
  startFakeEmulator,
  stopAfterEach,
} from "../support.ts";

const terminate = { service: "ec2", body: "Action=TerminateInstances&InstanceId.1=i-1" };

/** The part of the AWS SDK's signer that its type does not have. */
interface Presigner {
  presign(request: object): Promise<{ query: Record<string, string> }>;
}

describe("the gateway's access", () => {
  const stoppedLater = stopAfterEach();

  async function start(answer: (request: SeenRequest) => FakeAnswer = () => ({ body: "done" })) {
    const emulator = stoppedLater(await startFakeEmulator(answer));
    const gateway = stoppedLater(await startGateway(emulator.target));
    return { emulator, gateway };
  }

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
      expect(emulator.seen).to.deep.equal([]);
      expect(gateway.calls).to.deep.equal([]);
    });
  }

  it("is refused without a signature", async () => {
    const { emulator, gateway } = await start();

    const { status, body } = await send(gateway.port, { body: terminate.body });

    expect(status).to.equal(403);
    expect(body).to.include("<Code>MissingAuthenticationToken</Code>");
    expect(body).to.include("expected a signature");
    expect(emulator.seen).to.deep.equal([]);
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
    expect(emulator.seen).to.deep.equal([]);
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
      expect(emulator.seen).to.deep.equal([]);
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
    const claims = claimsOf(jobs.up);
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
    const iam = ({ body }: SeenRequest) => ({
      body: body.includes("Action=GetOpenIDConnectProvider")
        ? "<GetOpenIDConnectProviderResponse><GetOpenIDConnectProviderResult><ClientIDList>" +
          "<member>sts.amazonaws.com</member></ClientIDList></GetOpenIDConnectProviderResult>" +
          "</GetOpenIDConnectProviderResponse>"
        : "<GetRoleResponse><GetRoleResult><Role><AssumeRolePolicyDocument>" +
          `${encodeURIComponent(trust)}</AssumeRolePolicyDocument></Role></GetRoleResult></GetRoleResponse>`,
    });
    const assume = (WebIdentityToken: string) => ({
      body: `${new URLSearchParams({
        Action: "AssumeRoleWithWebIdentity",
        RoleArn: "arn:aws:iam::000000000000:role/deploy",
        RoleSessionName: "github",
        WebIdentityToken,
      })}`,
    });

    it("is a session's, whose key then counts", async () => {
      const { emulator, gateway } = await start(iam);
      const whoAmI = { service: "sts", body: "Action=GetCallerIdentity" };

      const { status, body } = await send(gateway.port, assume(identityToken(claims, rootKey)));

      expect(status).to.equal(200);
      const field = (name: string) => new RegExp(`<${name}>(\\w+)<`).exec(body)?.[1] ?? "";
      const session = {
        accessKeyId: field("AccessKeyId"),
        secretAccessKey: field("SecretAccessKey"),
        sessionToken: field("SessionToken"),
      };
      const before = emulator.seen.length;
      await call(gateway.port, whoAmI, session);
      // By its policies the call is judged.
      expect(
        emulator.seen
          .slice(before)
          .map((it) => it.body)
          .join(),
      ).to.include("Action=GetRole&Version=2010-05-08&RoleName=deploy");
      const wrong = { ...session, secretAccessKey: "s" };
      expect((await call(gateway.port, whoAmI, wrong)).status).to.equal(403);
    });

    for (const [what, token] of [
      ["another run signed", identityToken(claims, { ...rootKey, secretAccessKey: "other" })],
      ["nobody signed", identityToken(claims, rootKey).replace(/[^.]+$/, "")],
      ["says something else", `e30.e30.${identityToken(claims, rootKey).split(".")[2]}`],
      ["is none", "unsigned"],
    ] as const) {
      it(`is refused for one that ${what}`, async () => {
        const { emulator, gateway } = await start();

        expect((await send(gateway.port, assume(token))).status).to.equal(403);
        expect(emulator.seen).to.deep.equal([]);
      });
    }

    it("is no other call's", async () => {
      const { emulator, gateway } = await start();
      const { body } = assume(identityToken(claims, rootKey));
      const other = { body: body.replace("AssumeRoleWithWebIdentity", "CreateUser") };

      expect((await send(gateway.port, other)).status).to.equal(403);
      expect((await send(gateway.port, { path: "/?Action=CreateUser", body })).status).to.equal(
        403,
      );
      expect(emulator.seen).to.deep.equal([]);
    });
  });

  describe("to a function's code", () => {
    const base = "/_ministack/lambda-code/000000000000/us-east-1/reboot?X-Amz-Expires=600";
    const time = (minutesAgo: number) =>
      new Date(Date.now() - minutesAgo * 60_000).toISOString().replace(/[-:]|\.\d+/g, "");

    /** The link that GetFunction responds with, when the emulator gave one of so many minutes ago. */
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
