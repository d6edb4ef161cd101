// `npm run mode [-- off --reason "…" [--for 2h]] [--instance ID]`: shows or sets the kill switch of a stack, or that
// of one instance of a group.
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  chosenInstance,
  groupOf,
  instanceIdsOf,
  openStack,
  outputOf,
  quietHoursOf,
  runCommand,
} from "../open-stack.ts";
import { print } from "../print.ts";
import { describeQuietHours } from "../quiet-hours.ts";
import { showGroup } from "./group.ts";
import { setMode, showMode } from "./mode.ts";
import { parseMode } from "./request.ts";

runCommand(async () => {
  const request = parseMode(process.argv.slice(2));
  const stack = await openStack(request.stack);
  const table = { db: new DynamoDBClient(stack.aws), tableName: outputOf(stack, "tableName") };
  const all = instanceIdsOf(stack);
  const [first] = all;
  const { instance } = request;
  const chosen = instance === undefined ? all : [chosenInstance(all, instance)];
  const group = groupOf(stack);
  const ofGroup = group && { ...table, instanceId: first, otherCount: all.length - 1 };
  const ofInstances = chosen.map((instanceId) => ({ ...table, instanceId }));
  const nowMs = Date.now();
  if (request.kind === "set") {
    const changed = instance === undefined && ofGroup ? ofGroup : ofInstances[0];
    if (changed) await setMode(changed, { ...request, nowMs });
  }
  for (const it of [...(ofGroup ? [ofGroup] : []), ...ofInstances]) {
    for (const line of await showMode(it, nowMs)) print(line);
  }
  if (group) {
    const windowMinutes = stack.outputs.alertRule?.value.windowMinutes;
    for (const line of await showGroup(table, { instanceIds: group, windowMinutes }, nowMs))
      print(line);
  }
  const quietHours = quietHoursOf(stack);
  if (quietHours !== undefined) print(describeQuietHours(quietHours, nowMs));
  return 0;
});
