import type { CallUrl } from "../../aws/function-url.ts";
import { VirtualClock } from "../../clock.ts";
import { collector, rootFolder, source } from "../../sumo-logic/bodies.ts";
import type { Item } from "../../sumo-logic/collection.ts";
import { startSumoLogic } from "../../sumo-logic/server.ts";
import { stopAfterEach } from "../support.ts";

export const authorization = "Basic aWQ6a2V5";
export const below = `v1/monitors?parentId=${rootFolder}&`;

/** Call it in a `describe`; the functions start the local Sumo Logic for one test. */
export function sumoLogicForEach() {
  const stoppedLater = stopAfterEach();

  async function start(callUrl: CallUrl = async () => ({ status: 200, body: "" })) {
    const clock = new VirtualClock(Date.parse("2026-01-01T12:00:00Z"));
    const sumo = stoppedLater(
      await startSumoLogic({ clock, access: { accessId: "id", accessKey: "key" }, callUrl }),
    );
    const call = async (
      method: string,
      path: string,
      body?: unknown,
      headers: Record<string, string> = { authorization },
    ) => {
      const response = await fetch(new URL(path, sumo.apiUrl), {
        method,
        headers,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const content: Item = text ? JSON.parse(text) : undefined;
      return { status: response.status, headers: response.headers, body: content };
    };
    return { clock, sumo, call };
  }

  /** With an HTTP source, and `take`, which posts to it and returns the status. */
  async function startWithSource(callUrl?: CallUrl) {
    const running = await start(callUrl);
    const created = await running.call("POST", "v1/collectors", { collector });
    const path = `v1/collectors/${created.body.collector.id}/sources`;
    const { url, token, baseUrl } = (await running.call("POST", path, { source })).body.source;
    const take = async (
      body: string | Buffer,
      headers: Record<string, string> = {},
      to: string = url,
    ) => (await fetch(to, { method: "POST", headers, body })).status;
    /** The log lines that a search finds, with their times. */
    const logged = async (category = "web") => {
      const job = await running.call("POST", "v1/search/jobs", {
        query: `_sourceCategory=${category}`,
        from: "2026-01-01T00:00:00",
        to: "2026-01-02T00:00:00",
        timeZone: "UTC",
      });
      const cookie = job.headers.getSetCookie().join();
      const get = (part: string) =>
        running.call("GET", `v1/search/jobs/${job.body.id}${part}`, undefined, {
          authorization,
          cookie,
        });
      await get("");
      await get("");
      const { body } = await get("/messages?offset=0&limit=100");
      return body.messages.map(({ map }: Item) => [map._raw, Number(map._messagetime)]);
    };
    return { ...running, url, token, baseUrl, take, logged };
  }

  return { start, startWithSource, stoppedLater };
}
