import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What a recorded response was like. */
export type Speed = "fast" | "slow";

const lines = readFileSync(join(import.meta.dirname, "access-log.jsonl"), "utf8")
  .trim()
  .split("\n");

/** Responses of /api/data that took more than 3 s, or less. */
const responses: Readonly<Record<Speed, readonly string[]>> = {
  slow: lines.filter((line) => isApiData(line) && secondsOf(line) > 3),
  fast: lines.filter((line) => isApiData(line) && secondsOf(line) <= 3),
};

/** Whatever else was asked for, such as other paths that contain the watched one. */
const others = lines.filter((line) => !isApiData(line));

/**
 * Lines as the real nginx wrote them (record.ts), with another instance and time alone: `count`
 * responses of /api/data at `timeMs`, and two minutes before, since the server has been in service
 * for a while, each other thing that was recorded.
 */
export function accessLog(
  speed: Speed,
  count: number,
  { instanceId, timeMs }: { instanceId: string; timeMs: number },
): string[] {
  const recorded = responses[speed];
  const chosen = Array.from(
    { length: count },
    (_, index) => recorded[index % recorded.length] ?? "",
  );
  const at = (line: string, lineTimeMs: number) => {
    const time = new Date(lineTimeMs).toISOString().replace("Z", "+00:00");
    return line
      .replace(/"time":"[^"]+"/, `"time":"${time}"`)
      .replace(/"instance_id":"[^"]+"/, `"instance_id":"${instanceId}"`);
  };
  return [
    ...others.map((line) => at(line, timeMs - 2 * 60_000)),
    ...chosen.map((line) => at(line, timeMs)),
  ];
}

function isApiData(line: string): boolean {
  return JSON.parse(line).path === "/api/data";
}

function secondsOf(line: string): number {
  return Number(JSON.parse(line).response_time_s);
}
