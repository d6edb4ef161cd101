import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { root } from "../../test-environment.ts";

/** `npm run sandbox -- …`, after its set-up. */
function start(...words: string[]) {
  return spawn(process.execPath, [join(root, "sandbox", "sumo-logic", "main.ts"), ...words], {
    stdio: ["ignore", "pipe", "pipe"],
  });
}

describe("npm run sandbox", () => {
  it("starts Sumo Logic alone, whose printed addresses work, and ends with Ctrl-C", async () => {
    const child = start("sumo", "--port", "0");
    try {
      let output = "";
      for await (const chunk of child.stdout) {
        output += chunk;
        if (output.includes("Ctrl-C")) break;
      }
      const [, api = ""] = /API: (\S+)/.exec(output) ?? [];
      const [, id, key] = /access id (\S+), access key (\S+)/.exec(output) ?? [];
      const [, intake = ""] = /intake: +(\S+)/.exec(output) ?? [];
      const authorization = `Basic ${Buffer.from(`${id}:${key}`).toString("base64")}`;
      const root = new URL("v1/monitors/root", api);

      expect(new URL(api).hostname).to.equal("127.0.0.1");
      expect((await fetch(root, { headers: { authorization } })).status).to.equal(200);
      expect((await fetch(root)).status).to.equal(401);
      expect((await fetch(intake, { method: "POST", body: "a line" })).status).to.equal(200);
    } finally {
      child.kill("SIGINT");
      await once(child, "exit");
    }
  });

  for (const words of [[], ["aws"], ["sumo", "more"], ["sumo", "--port", "x"], ["sumo", "--prt"]]) {
    it(`says what it expects when it is called with "${words.join(" ")}"`, async () => {
      const child = start(...words);

      const [error] = await Promise.all([text(child.stderr), once(child, "exit")]);

      expect(error).to.match(/expected: npm run sandbox -- sumo \[--port NUMBER\]|Unknown option/);
      expect(child.exitCode).to.equal(1);
    });
  }

  it("says when the port is in use", async () => {
    const first = start("sumo");
    const [chunk] = await once(first.stdout, "data");
    const [, port = ""] = /:(\d+)\/api/.exec(String(chunk)) ?? [];
    const second = start("sumo", "--port", port);

    const error = await text(second.stderr);

    first.kill("SIGINT");
    await once(first, "exit");
    expect(error).to.include("EADDRINUSE").and.include(port);
  });
});
