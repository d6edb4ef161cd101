import { spawn } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { CreateTableCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  AddPermissionCommand,
  CreateFunctionUrlConfigCommand,
  type LambdaClient,
} from "@aws-sdk/client-lambda";
import type { CreateAuthorizer } from "./aws/authorizer.ts";
import { type Checkout, createCheckout } from "./engine/checkout.ts";
import type { EngineError } from "./engine/engine.ts";
import { installPlugins } from "./engine/plugins.ts";
import { type Environment, startEnvironment } from "./environment.ts";
import { createPrivateFolder } from "./private-folder.ts";

export const root = join(import.meta.dirname, "..");

export interface TestEnvironment extends Environment {
  readonly folder: string;
}

/**
 * A test's environment, with its folder below `.sandbox/`; `stop` ends it and removes the folder. The
 * options are those of `startEnvironment`.
 */
export async function startTestEnvironment(
  options: { minutesAgo?: number; createAuthorizer?: CreateAuthorizer } = {},
): Promise<TestEnvironment> {
  const { SANDBOX_PULUMI: pulumi, SANDBOX_PYTHON: python } = process.env;
  if (!pulumi || !python) throw new Error("run these tests with `npm test`, which sets up tools");
  createPrivateFolder(join(root, ".sandbox"));
  const folder = mkdtempSync(join(root, ".sandbox", "test-"));
  const environment = await startEnvironment({ pulumi, python, folder, ...options });
  return {
    ...environment,
    folder,
    async stop() {
      await environment.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The part of the pack's configuration by which this program's one finding is accepted. */
export const waived = { waivers: { file: "policy-waivers.json" } };

/** Writes a configuration of the pack; returns its path. */
export function writeConfig({ folder }: TestEnvironment, config: object): string {
  const path = join(folder, `config-${randomUUID()}.json`);
  writeFileSync(path, JSON.stringify(config));
  return path;
}

/** Runs `npm run NAME -- …` of operate/, after its set-up, in the project of the environment's stack. */
export async function runCommand(
  environment: TestEnvironment,
  name: string,
  words: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<{ output: string; error: string }> {
  const { PATH = "", SANDBOX_PULUMI: pulumi = "" } = process.env;
  const main = join(root, "operate", name, "main.ts");
  // As scripts/run.mjs does.
  const quiet = "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON";
  const child = spawn(process.execPath, [quiet, main, ...words], {
    cwd: join(environment.folder, "project"),
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: `${dirname(pulumi)}:${PATH}`,
      // The stack that is selected is kept here.
      PULUMI_HOME: join(environment.folder, "home"),
      HOME: environment.folder,
      PULUMI_BACKEND_URL: `file://${join(environment.folder, "backend")}`,
      PULUMI_CONFIG_PASSPHRASE: "sandbox",
      PULUMI_SKIP_UPDATE_CHECK: "1",
      AWS_ENDPOINT_URL: environment.aws.endpoint,
      AWS_ACCESS_KEY_ID: environment.aws.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: environment.aws.credentials.secretAccessKey,
      ...variables,
    },
  });
  const [output, error] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { output: output.trim(), error: error.trim() };
}

/**
 * A user's checkout, in which the Pulumi CLI runs as it is typed: with its home and state in the
 * environment's folder, and root's access to AWS and Sumo Logic.
 */
export function createUserCheckout(
  environment: TestEnvironment,
  { folder, isBare = false }: { folder: string; isBare?: boolean },
): Checkout {
  const [home, state] = [join(environment.folder, "user"), join(environment.folder, "user-state")];
  mkdirSync(state);
  installPlugins(home);
  return createCheckout({
    folder,
    pulumi: process.env.SANDBOX_PULUMI ?? "",
    isBare,
    environment: {
      PULUMI_HOME: home,
      PULUMI_BACKEND_URL: `file://${state}`,
      PULUMI_CONFIG_PASSPHRASE: "sandbox",
      ...environment.variables,
    },
  });
}

/** The incident of an alert's page, as handler/requests/webhook.ts makes it of the link. */
export function incidentIdOf(alertUrl: string): string {
  return `alert-${createHash("sha256").update(alertUrl).digest("hex").slice(0, 16)}`;
}

/** A table like the stack's. */
export async function createClaims(db: DynamoDBClient, TableName = "claims"): Promise<void> {
  await db.send(
    new CreateTableCommand({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    }),
  );
}

/** Gives a function a URL that anyone may call, and returns it. */
export async function openFunctionUrl(lambda: LambdaClient, FunctionName: string): Promise<string> {
  const { FunctionUrl = "" } = await lambda.send(
    new CreateFunctionUrlConfigCommand({ FunctionName, AuthType: "NONE" }),
  );
  const open = { FunctionName, Principal: "*" };
  await lambda.send(
    new AddPermissionCommand({
      ...open,
      StatementId: "url",
      Action: "lambda:InvokeFunctionUrl",
      FunctionUrlAuthType: "NONE",
    }),
  );
  await lambda.send(
    new AddPermissionCommand({
      ...open,
      StatementId: "invoke",
      Action: "lambda:InvokeFunction",
      InvokedViaFunctionUrl: true,
    }),
  );
  return FunctionUrl;
}

/** The error of a run that must fail. */
export async function failureOf(run: Promise<unknown>): Promise<EngineError> {
  const outcome = await run.then(
    () => undefined,
    (error: EngineError) => error,
  );
  if (!outcome) throw new Error("the run did not fail");
  return outcome;
}

/** The credentials of a session of a role, as clients of the AWS SDK need them. */
export function credentialsIn(session: Record<string, string>) {
  return {
    credentials: {
      accessKeyId: session.AWS_ACCESS_KEY_ID ?? "",
      secretAccessKey: session.AWS_SECRET_ACCESS_KEY ?? "",
      sessionToken: session.AWS_SESSION_TOKEN ?? "",
    },
  };
}
