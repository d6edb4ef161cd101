// `node pipeline/report/keep-events.ts LOG FILE`: writes to FILE what the comment and the drift issue need of LOG, which
// `pulumi --event-log` wrote. An artifact can be downloaded by everyone who may read the repository, and the
// whole log has what nobody should read there: the Node.js runtime's debug messages have each property of each
// resource, secrets too, and the first event has the stack's configuration.
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { createInterface } from "node:readline";
import { parseEvent } from "./events.ts";
import { run } from "./run.ts";

async function keepEvents(): Promise<void> {
  const [log = "", name = ""] = process.argv.slice(2);
  const file = await open(name, "w");
  try {
    const isNeeded = needed();
    for await (const line of createInterface({ input: createReadStream(log) })) {
      if (isNeeded(line)) await file.write(`${line}\n`);
    }
  } finally {
    await file.close();
  }
}

/** Whether each line of a log, one after another, is needed. */
function needed(): (line: string) => boolean {
  const refreshed = new Set<string>();
  return (line) => {
    const event = parseEvent(line);
    if (!event) return false;
    if (event.kind === "before") {
      const { operation, urn, old, new: now } = event.step;
      if (operation === "refresh") refreshed.add(urn);
      return operation !== "same" || old?.isProtected !== now?.isProtected;
    }
    // Only a refresh finds something that the event before it does not have.
    return event.kind !== "after" || refreshed.delete(event.step.urn);
  };
}

await run("The events were not kept", keepEvents);
