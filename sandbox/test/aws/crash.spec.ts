import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect } from "chai";
import { startFakeServer, stopAfterEach } from "../support.ts";

const file = join(import.meta.dirname, "..", "..", "aws", "crash.cjs");

describe("crash.cjs", () => {
  const stoppedLater = stopAfterEach();

  /** How a process ends that loads the file and gets a response with these headers. */
  async function endAfter(headers: Record<string, string>) {
    const { port } = stoppedLater(await startFakeServer(() => ({ headers })));
    const program = `require("node:http").get("http://127.0.0.1:${port}/", (response) => response.resume());`;
    const child = spawn(process.execPath, ["--require", file, "-e", program]);
    const [code, signal] = await once(child, "exit");
    return signal ?? code;
  }

  it("ends the process when the gateway says so", async () => {
    expect(await endAfter({ "x-sandbox-crash": "1" })).to.equal("SIGKILL");
  });

  it("does nothing for any other response", async () => {
    expect(await endAfter({})).to.equal(0);
  });
});
