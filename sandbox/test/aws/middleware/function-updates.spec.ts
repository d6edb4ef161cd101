import type { IncomingMessage, ServerResponse } from "node:http";
import { expect } from "chai";
import { startGateway } from "../../../aws/gateway.ts";
import { waitFor } from "../../../wait.ts";
import { call, listenAsEmulator, send } from "../../support.ts";

const functionArn = "arn:aws:lambda:us-east-1:000000000000:function:reboot";
const policy = JSON.stringify({
  Statement: [
    {
      Action: "lambda:InvokeFunctionUrl",
      Principal: "*",
      Condition: { StringEquals: { "lambda:FunctionUrlAuthType": "NONE" } },
    },
    {
      Action: "lambda:InvokeFunction",
      Principal: "*",
      Condition: { Bool: { "lambda:InvokedViaFunctionUrl": "true" } },
    },
  ],
});
const urlHost = "abc.lambda-url.us-east-1.on.aws";

describe("an update of a function, through the gateway", () => {
  it("waits for the calls that run, and lets later ones wait for it", async () => {
    const seen: string[] = [];
    const waiting: (() => void)[] = [];
    const { server, target, stop } = await listenAsEmulator();
    server.on("request", (request: IncomingMessage, response: ServerResponse) => {
      const { url = "", method } = request;
      if (url.includes("/policy")) return response.end(JSON.stringify({ Policy: policy }));
      if (url.endsWith("/url")) {
        const FunctionUrl = `https://${urlHost}/`;
        return response.end(JSON.stringify({ FunctionUrl, FunctionArn: functionArn }));
      }
      seen.push(`${method} ${url}`);
      waiting.push(() => response.end("{}"));
      return undefined;
    });
    const gateway = await startGateway(target);
    const callUrl = (path: string) => send(gateway.port, { path, headers: { host: urlHost } });
    const reached = (count: number) =>
      waitFor(`${count} requests`, () => seen.length >= count, { intervalMs: 1 });
    try {
      await call(gateway.port, { service: "lambda", path: "/functions/reboot/url" });
      const first = callUrl("/first");
      await reached(1);
      const update = call(gateway.port, {
        service: "lambda",
        method: "PUT",
        path: "/2015-03-31/functions/reboot/configuration",
      });
      // A call of another kind goes through at once, so the update has had its chance before it.
      const other = call(gateway.port, { service: "lambda", path: "/other" });
      await reached(2);
      expect(seen).to.deep.equal(["POST /_aws/lambda-url/abc/first", "POST /other"]);
      const second = callUrl("/second");

      waiting[0]?.();
      waiting[1]?.();
      await Promise.all([first, other]);
      await reached(3);
      expect(seen[2]).to.equal("PUT /2015-03-31/functions/reboot/configuration");
      waiting[2]?.();
      await update;
      await reached(4);
      expect(seen[3]).to.equal("POST /_aws/lambda-url/abc/second");
      waiting[3]?.();
      await second;
    } finally {
      gateway.stop();
      stop();
    }
  });
});
