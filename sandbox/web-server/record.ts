// `npm run record`: runs the web server of infra/web-server/ with the nginx of this machine, asks
// it all kinds of things, and keeps the access log that it writes.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { runWebServer } from "./run.ts";

/** The recorded lines, which the sandbox replays. */
export const recordedFile = join(import.meta.dirname, "access-log.jsonl");
/** The instance that the recorded lines name. */
export const recordedInstanceId = "i-0123456789abcdef0";

/** The nginx to record with: that on PATH unless SANDBOX_NGINX says another. */
export const nginxPath = process.env.SANDBOX_NGINX ?? "nginx";

/** Records again and returns the lines, in the order in which nginx wrote them. */
export async function record(nginx: string, python: string): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "record-"));
  const server = await runWebServer({ nginx, python, folder, instanceId: recordedInstanceId });
  try {
    const get = (path: string, headers = "") =>
      talk(server.port, [`GET ${path} HTTP/1.1\r\nHost: x\r\n${headers}Connection: close\r\n\r\n`]);
    for (let count = 0; count < 20; count++) await get("/api/data");
    await get("/api/data?page=2&delay=0");
    await get("/api/data?delay=soon");
    await get("/heartbeat");
    await get('/api/"quoted"/back\\slash');
    await talk(server.port, ["nonsense\r\n\r\n"]);
    await Promise.all([
      ...Array.from({ length: 6 }, () => get("/api/data?delay=4")),
      get("/api/data?delay=1.5"),
      get("/api/database?delay=4"),
      get("/v2/api/data?delay=4"),
      // A client that needs four seconds to send its request, and one that does not wait for the response.
      talk(server.port, [
        "GET /api/data HTTP/1.1\r\nHost: x\r\n",
        4_000,
        "Connection: close\r\n\r\n",
      ]),
      talk(server.port, ["GET /api/data?delay=4 HTTP/1.1\r\nHost: x\r\n\r\n", 500, "end"]),
    ]);
    await server.stopService();
    await get("/api/data");
  } finally {
    await server.stop();
  }
  const lines = readFileSync(server.accessLog, "utf8").trim().split("\n");
  rmSync(folder, { recursive: true });
  return lines;
}

/** Sends each string, waits for each number of milliseconds; `end` hangs up. */
function talk(port: number, script: readonly (string | number)[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", async () => {
      for (const part of script) {
        if (typeof part === "number") await sleep(part);
        else if (part === "end") socket.destroy();
        else socket.write(part);
      }
    });
    socket.on("data", () => {});
    socket.once("error", reject);
    socket.once("close", () => resolve());
  });
}

if (import.meta.main) {
  const lines = await record(nginxPath, "python3");
  writeFileSync(recordedFile, `${lines.join("\n")}\n`);
  console.log(`${lines.length} lines in ${recordedFile}`);
}
