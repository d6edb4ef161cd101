// `npm run history [-- --json | --html [INCIDENT]] [--instance ID] [--stack NAME]`: a stack's incidents, the latest first, or their report.
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { sumoLogicAccess } from "../drill/stack.ts";
import { SumoLogicApi } from "../drill/sumo-logic.ts";
import { groupOf, type OpenStack, openStack, outputOf, runCommand } from "../open-stack.ts";
import { print, printError, printPage } from "../print.ts";
import { findIncident, incidentLines, incidentsOf, readIncidents } from "./history.ts";
import { readCode } from "./report/deployed-code.ts";
import { type ReportPorts, writeAllReports, writeReport } from "./report/read.ts";
import { reportedStack } from "./report/reported-stack.ts";

runCommand(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      stack: { type: "string" },
      json: { type: "boolean", default: false },
      html: { type: "boolean", default: false },
      instance: { type: "string" },
    },
  });
  const { json, html, instance } = values;
  const [incidentId, ...others] = positionals;
  if (others.length > 0 || (incidentId !== undefined && !html) || (json && html)) {
    throw new Error(
      "unknown words; expected: npm run history [-- --json | --html [INCIDENT]] [--instance ID] [--stack NAME]",
    );
  }
  const stack = await openStack(values.stack);
  const all = await readIncidents(new DynamoDBClient(stack.aws), outputOf(stack, "tableName"));
  const incidents = instance === undefined ? all : incidentsOf(all, instance);
  if (html) {
    const ports = await reportPorts(stack);
    const page =
      incidentId === undefined
        ? await writeAllReports(incidents, ports)
        : await writeReport(findIncident(incidents, incidentId), ports);
    warnOfBanner();
    await printPage(page);
    return 0;
  }
  const jsonLines = () => JSON.stringify(incidents, null, 2).split("\n");
  for (const line of json ? jsonLines() : incidentLines(incidents, groupOf(stack))) print(line);
  return 0;
});

async function reportPorts(stack: OpenStack): Promise<ReportPorts> {
  const lambda = new LambdaClient(stack.aws);
  const access = sumoLogicAccess(stack.config);
  return {
    // The settings may have none; then it comes from the environment, as the SDK finds it.
    stack: reportedStack(stack, await lambda.config.region()),
    readCode: () => readCode(lambda, outputOf(stack, "functionName")),
    logs: new CloudWatchLogsClient(stack.aws),
    sumoLogic: access.accessId && access.accessKey ? new SumoLogicApi(access) : undefined,
    now: Date.now,
    sleep,
  };
}

/** npm writes the name of the script to the same output, unless it is silent. */
function warnOfBanner(): void {
  const { npm_lifecycle_event: script, npm_config_loglevel: level } = process.env;
  if (script === undefined || level === "silent") return;
  printError(
    "npm has written its own lines before the page; use npm run -s history -- --html …, which does not",
  );
}
