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
import { type Checkout, createCheckout } from "./engine/checkout.ts";
import type { EngineError } from "./engine/engine.ts";
import { installPlugins } from "./engine/plugins.ts";
import { createPrivateFolder } from "./private-folder.ts";
import { startWorld, type World } from "./world.ts";

export const root = join(import.meta.dirname, "..");

export interface TestWorld extends World {
  readonly folder: string;
}

/**
 * A world of the test's own below `.sandbox/`, whose clock starts `minutesAgo`; `stop` ends it and removes
 * its folder.
 */
export async function startTestWorld({ minutesAgo = 0 } = {}): Promise<TestWorld> {
  const { SANDBOX_PULUMI: pulumi, SANDBOX_PYTHON: python } = process.env;
  if (!pulumi || !python) throw new Error("run these tests with `npm test`, which sets up tools");
  createPrivateFolder(join(root, ".sandbox"));
  const folder = mkdtempSync(join(root, ".sandbox", "test-"));
  const world = await startWorld({ pulumi, python, folder, minutesAgo });
  return {
    ...world,
    folder,
    async stop() {
      await world.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The part of the pack's configuration by which this program's one finding is accepted. */
export const waived = { waivers: { file: "../policy-waivers.json" } };

/** Writes a configuration of the pack; returns its path. */
export function writeConfig({ folder }: TestWorld, config: object): string {
  const path = join(folder, `config-${randomUUID()}.json`);
  writeFileSync(path, JSON.stringify(config));
  return path;
}

/** Runs `npm run NAME -- …` of operate/, after its set-up, in the project of the world's stack. */
export async function runCommand(
  world: TestWorld,
  name: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<{ output: string; error: string }> {
  const { PATH = "", SANDBOX_PULUMI: pulumi = "" } = process.env;
  const main = join(root, "operate", name, "main.ts");
  const child = spawn(process.execPath, [main, ...words], {
    cwd: join(world.folder, "project"),
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: `${dirname(pulumi)}:${PATH}`,
      // The stack that is selected is kept here.
      PULUMI_HOME: join(world.folder, "home"),
      HOME: world.folder,
      PULUMI_BACKEND_URL: `file://${join(world.folder, "backend")}`,
      PULUMI_CONFIG_PASSPHRASE: "sandbox",
      PULUMI_SKIP_UPDATE_CHECK: "1",
      AWS_ENDPOINT_URL: world.aws.endpoint,
      AWS_ACCESS_KEY_ID: world.aws.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: world.aws.credentials.secretAccessKey,
      ...environment,
    },
  });
  const [output, error] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { output: output.trim(), error: error.trim() };
}

/**
 * A checkout of a user's, in which the Pulumi CLI runs as it is typed: with a home and state of its own
 * in the world's folder, and root's access to the world's clouds.
 */
export function createUserCheckout(
  world: TestWorld,
  { folder, isBare = false }: { folder: string; isBare?: boolean },
): Checkout {
  const [home, state] = [join(world.folder, "user"), join(world.folder, "user-state")];
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
      ...world.environment,
    },
  });
}

/** The incident of an alert's page, as handler/webhook.ts makes it of the link. */
export function incidentIdOf(alertUrl: string): string {
  return `alert-${createHash("sha256").update(alertUrl).digest("hex").slice(0, 16)}`;
}

/** A table like the stack's, named "claims". */
export async function createClaims(db: DynamoDBClient): Promise<void> {
  await db.send(
    new CreateTableCommand({
      TableName: "claims",
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

/** The credentials of a session of a role, as clients of the AWS SDK take them. */
export function credentialsIn(session: Record<string, string>) {
  return {
    credentials: {
      accessKeyId: session.AWS_ACCESS_KEY_ID ?? "",
      secretAccessKey: session.AWS_SECRET_ACCESS_KEY ?? "",
      sessionToken: session.AWS_SESSION_TOKEN ?? "",
    },
  };
}
