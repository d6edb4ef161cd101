// `npm run sandbox -- sumo [--port 0]`: the local Sumo Logic alone, in real time.
import { parseArgs } from "node:util";
import type { CallUrl } from "../aws/function-url.ts";
import { newSumoLogicAccess } from "../secrets.ts";
import { startSumoLogic } from "./server.ts";

const access = newSumoLogicAccess();
const { accessId, accessKey } = access;

const callUrl: CallUrl = async (url, { method = "POST", headers = {}, body = "" }) => {
  const response = await fetch(url, { method, headers, body });
  return { status: response.status, body: await response.text() };
};

/** Makes an HTTP source by the API, as the real provider would, and returns its URL. */
async function createSource(apiUrl: string): Promise<string> {
  // biome-ignore lint/suspicious/noExplicitAny: the API's bodies
  const post = async (path: string, body: object): Promise<any> => {
    const authorization = `Basic ${Buffer.from(`${accessId}:${accessKey}`).toString("base64")}`;
    const headers = { authorization, "content-type": "application/json" };
    const content = JSON.stringify(body);
    return (await fetch(new URL(path, apiUrl), { method: "POST", headers, body: content })).json();
  };
  const hosted = { collectorType: "Hosted", name: "sandbox" };
  const { collector } = await post("v1/collectors", { collector: hosted });
  const { source } = await post(`v1/collectors/${collector.id}/sources`, {
    source: {
      sourceType: "HTTP",
      name: "access-log",
      category: "web/access",
      automaticDateParsing: true,
      multilineProcessingEnabled: false,
      messagePerRequest: false,
    },
  });
  return source.url;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { port: { type: "string", default: "0" } },
  });
  if (positionals.join() !== "sumo" || !/^\d{1,5}$/.test(values.port)) {
    throw new Error("expected: npm run sandbox -- sumo [--port NUMBER]; 0 is any free port");
  }
  const clock = { now: Date.now };
  const sumo = await startSumoLogic({ clock, access, callUrl, port: Number(values.port) });
  console.log(`Sumo Logic's API: ${sumo.apiUrl}`);
  console.log(`  access id ${accessId}, access key ${accessKey}`);
  console.log(`Log intake:       ${await createSource(sumo.apiUrl)}`);
  console.log("Monitors are evaluated once a minute. Ctrl-C ends it.");
  setInterval(async () => {
    try {
      for (const it of await sumo.evaluateMonitors()) console.log(JSON.stringify(it));
    } catch (error) {
      console.error(`A notification failed: ${(error as Error).message}`);
    }
  }, 60_000);
}

main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
