// `npm run mode [-- off --reason "…" [--for 2h]]`: shows or sets a stack's kill switch.
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { openStack, outputOf, quietHoursOf, runCommand } from "../open-stack.ts";
import { print } from "../print.ts";
import { describeQuietHours } from "../quiet-hours.ts";
import { type Switch, setMode, showMode } from "./mode.ts";
import { parseMode } from "./request.ts";

runCommand(async () => {
  const request = parseMode(process.argv.slice(2));
  const stack = await openStack(request.stack);
  const target: Switch = {
    db: new DynamoDBClient(stack.aws),
    tableName: outputOf(stack, "tableName"),
    instanceId: outputOf(stack, "instanceId"),
  };
  const nowMs = Date.now();
  if (request.kind === "set") await setMode(target, { ...request, nowMs });
  for (const line of await showMode(target, nowMs)) print(line);
  const quietHours = quietHoursOf(stack);
  if (quietHours !== undefined) print(describeQuietHours(quietHours, nowMs));
  return 0;
});
