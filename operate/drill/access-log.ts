import type { Ports } from "./ports.ts";

/** Posts `count` access-log lines of an instance to Sumo Logic's HTTP source. */
export async function postLines(
  { stack, post }: Ports,
  {
    instanceId,
    count,
    timeMs,
    seconds,
  }: { instanceId: string; count: number; timeMs: number; seconds: number },
): Promise<void> {
  const line = JSON.stringify({
    time: new Date(timeMs).toISOString(),
    method: "DRILL",
    path: stack.alertRule.apiPath,
    status: "drill",
    response_time_s: seconds,
    instance_id: instanceId,
  });
  const { status, body } = await post(stack.logSourceUrl, {
    headers: { "content-type": "text/plain" },
    body: `${Array(count).fill(line).join("\n")}\n`,
  });
  // The address is a secret: it is not named.
  if (status !== 200) throw new Error(`the HTTP source responded ${status} ${body.slice(0, 200)}`);
}
