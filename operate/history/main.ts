// `npm run history [-- --json] [--stack NAME]`: a stack's incidents, the latest first.
import { parseArgs } from "node:util";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { openStack, outputOf, runCommand } from "../open-stack.ts";
import { print } from "../print.ts";
import { incidentLines, readIncidents } from "./history.ts";

runCommand(async () => {
  const { values } = parseArgs({
    options: { stack: { type: "string" }, json: { type: "boolean", default: false } },
  });
  const stack = await openStack(values.stack);
  const incidents = await readIncidents(
    new DynamoDBClient(stack.aws),
    outputOf(stack, "tableName"),
  );
  const json = () => JSON.stringify(incidents, null, 2).split("\n");
  for (const line of values.json ? json() : incidentLines(incidents)) print(line);
  return 0;
});
