import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, openSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { LambdaClient, PublishLayerVersionCommand } from "@aws-sdk/client-lambda";
import { strToU8, zipSync } from "fflate";
import type { AwsTarget } from "./providers/aws-target.ts";

/** The AWS region that the sandbox has. */
export const region = "us-east-1";

/** The account that the sandbox has. */
export const accountId = "000000000000";

/** The emulator's root user, for whom no policy is evaluated. */
export const rootCredentials = { accessKeyId: "test", secretAccessKey: "test" };

/**
 * Starts the AWS emulator with IAM enforced; its functions reach AWS at `endpointForFunctions` and have
 * the time of `clockFile` (clock.ts).
 * Resolves when it answers. State and log are below `folder`. Returns the function that ends it;
 * it also ends when this process dies, however that happens.
 */
export async function startEmulator({
  python,
  port,
  folder,
  endpointForFunctions,
  clockFile,
}: {
  python: string;
  port: number;
  folder: string;
  endpointForFunctions: string;
  clockFile: string;
}): Promise<() => Promise<void>> {
  mkdirSync(join(folder, "tmp"), { recursive: true });
  const log = openSync(join(folder, "emulator.log"), "a");
  // The shell waits on its standard input, which ends with this process, and then ends its child.
  const guard = '"$@" & child=$!; cat >/dev/null; kill $child; wait $child';
  const child = spawn("sh", ["-c", guard, "sh", python, "-m", "ministack"], {
    // A group of its own: Ctrl-C in the terminal must not end it before the stack is destroyed.
    detached: true,
    stdio: ["pipe", log, log],
    env: {
      ...process.env,
      AUTH: "true",
      BIND_HOST: "127.0.0.1",
      GATEWAY_PORT: String(port),
      IOT_MTLS_ENABLED: "0",
      SFTP_ENABLED: "0",
      STATE_DIR: join(folder, "state"),
      S3_DATA_DIR: join(folder, "s3"),
      TMPDIR: join(folder, "tmp"),
      AWS_ENDPOINT_URL: endpointForFunctions,
      SANDBOX_CLOCK: clockFile,
      NODE_OPTIONS: ["clock.cjs", "json-console.cjs", "crash.cjs"]
        .map((file) => `--require ${join(import.meta.dirname, file)}`)
        .join(" "),
    },
  });
  const ended = once(child, "exit");
  const stop = async () => {
    child.stdin?.end();
    await ended;
  };
  const deadline = Date.now() + 120_000;
  while (!(await isReady(port))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`the AWS emulator did not start; see ${join(folder, "emulator.log")}`);
    }
    await sleep(50);
  }
  return stop;
}

async function isReady(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/_ministack/ready`)).ok;
  } catch {
    return false;
  }
}

/**
 * Publishes the layer that stands for the AWS SDK of the real Lambda runtime: each package of it
 * only points to the one in node_modules. Returns the layer version's ARN.
 */
export async function publishSdkLayer(target: AwsTarget): Promise<string> {
  const require = createRequire(import.meta.url);
  const files = ["dynamodb", "ec2", "sns", "sqs"].flatMap((service) => {
    const name = `@aws-sdk/client-${service}`;
    const folder = `nodejs/node_modules/${name}`;
    const installed = dirname(require.resolve(`${name}/package.json`));
    return [
      [`${folder}/package.json`, strToU8(JSON.stringify({ name, main: "index.js" }))],
      [`${folder}/index.js`, strToU8(`module.exports = require(${JSON.stringify(installed)});`)],
    ] as const;
  });
  const { LayerVersionArn } = await new LambdaClient(target).send(
    new PublishLayerVersionCommand({
      LayerName: "aws-sdk",
      Content: { ZipFile: zipSync(Object.fromEntries(files)) },
    }),
  );
  if (!LayerVersionArn) throw new Error("the AWS emulator did not take the layer with the AWS SDK");
  return LayerVersionArn;
}
