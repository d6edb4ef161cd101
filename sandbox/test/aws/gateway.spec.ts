import { expect } from "chai";
import { call, functionArn, gatewayForEach, send, signedHeaders } from "../support.ts";

describe("startGateway", () => {
  const start = gatewayForEach();

  const reboot = "Action=RebootInstances&Version=2016-11-15&InstanceId.1=i-1";

  it("forwards method, path, host, headers and body unchanged", async () => {
    const { emulator, gateway } = await start();
    const put = { service: "ec2", method: "PUT", path: "/a%20b?c=d&e=", body: "länger" };
    const headers = await signedHeaders(gateway.port, put);

    await send(gateway.port, { ...put, headers });

    const [request] = emulator.requests;
    expect(request).to.include({ method: "PUT", path: "/a%20b?c=d&e=", body: "länger" });
    expect(request?.headers).to.include(headers);
  });

  it("returns the response with its status, headers and body", async () => {
    const { gateway } = await start(() => ({
      status: 201,
      headers: { "x-amzn-requestid": "r1" },
      body: "länger",
    }));

    const response = await call(gateway.port, { service: "lambda" });

    expect(response).to.include({ status: 201, body: "länger" });
    expect(response.headers).to.include({ "x-amzn-requestid": "r1", "content-length": "7" });
  });

  it("responds with 502 with the reason when the emulator cannot be reached", async () => {
    const { emulator, gateway } = await start();
    emulator.stop();

    const { status, body } = await call(gateway.port, { service: "ec2", body: reboot });

    expect(status).to.equal(502);
    expect(body).to.match(/ECONNREFUSED|ENOENT/);
  });

  it("responds with 502 when the emulator's response breaks off", async () => {
    const { gateway } = await start(() => ({ body: "part", breaksOff: true }));

    const { status } = await call(gateway.port, { service: "ec2", body: reboot });

    expect(status).to.equal(502);
  });

  describe("before a function URL", () => {
    const host = "abc.lambda-url.us-east-1.on.aws";
    const permissions = {
      url: {
        Effect: "Allow",
        Principal: "*",
        Action: "lambda:InvokeFunctionUrl",
        Condition: { StringEquals: { "lambda:FunctionUrlAuthType": "NONE" } },
      },
      function: {
        Effect: "Allow",
        Principal: "*",
        Action: "lambda:InvokeFunction",
        Condition: { Bool: { "lambda:InvokedViaFunctionUrl": "true" } },
      },
    };

    /** An emulator with a function whose URL was created through the gateway. */
    async function startWithUrl(...statements: object[]) {
      const Policy = JSON.stringify({ Version: "2012-10-17", Statement: statements });
      const running = await start(({ path }) => {
        if (path.startsWith("/_aws/lambda-url/")) return { body: "the function's response" };
        if (path.endsWith("/policy")) return { body: JSON.stringify({ Policy }) };
        const FunctionUrl = `http://${host}/`;
        return { body: JSON.stringify({ FunctionArn: functionArn, FunctionUrl }) };
      });
      const path = "/2021-10-31/functions/reboot/url";
      await call(running.gateway.port, { service: "lambda", path });
      const forwarded = () =>
        running.emulator.requests.filter((it) => it.path.startsWith("/_aws/lambda-url/"));
      return { ...running, forwarded };
    }

    it("forwards the call where both permissions are given", async () => {
      const { gateway, forwarded } = await startWithUrl(permissions.url, permissions.function);

      const response = await send(gateway.port, { headers: { host }, body: "alert" });

      expect(response).to.include({ status: 200, body: "the function's response" });
      expect(forwarded().map(({ body }) => body)).to.deep.equal(["alert"]);
    });

    it("passes on a path that the emulator itself would handle under that host", async () => {
      const { gateway, emulator } = await startWithUrl(permissions.url, permissions.function);

      await send(gateway.port, { path: "/_ministack/reset?init=1", headers: { host } });

      const { path, headers } = emulator.requests.at(-1) ?? {};
      expect(path).to.equal("/_aws/lambda-url/abc/_ministack/reset?init=1");
      expect(headers?.host).to.equal("aws");
    });

    it("asks for the policy of the function that the URL belongs to", async () => {
      const { emulator, gateway } = await startWithUrl();

      await send(gateway.port, { headers: { host } });

      expect(decodeURIComponent(emulator.requests.at(-1)?.path ?? "")).to.equal(
        "/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:reboot/policy",
      );
    });

    for (const [what, statements] of [
      ["no permission", []],
      ["the URL's permission alone", [permissions.url]],
      ["the function's permission alone", [permissions.function]],
    ] as const) {
      it(`responds with 403 and does not forward with ${what}`, async () => {
        const { gateway, forwarded } = await startWithUrl(...statements);

        const response = await send(gateway.port, { headers: { host }, body: "alert" });

        expect(response).to.include({ status: 403, body: '{"Message":"Forbidden"}' });
        expect(forwarded()).to.deep.equal([]);
      });
    }

    it("responds with 403 for a URL that no function has", async () => {
      const { emulator, gateway } = await start();

      const { status } = await send(gateway.port, { headers: { host } });

      expect(status).to.equal(403);
      expect(emulator.requests).to.deep.equal([]);
    });
  });
});
