import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, openSync } from "node:fs";
import { Agent } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { LambdaClient, PublishLayerVersionCommand } from "@aws-sdk/client-lambda";
import { strToU8, zipSync } from "fflate";
import { withoutAccounts } from "../engine/checkout.ts";
import { send } from "../http.ts";
import { waitFor } from "../wait.ts";
import type { AwsTarget } from "./provider/aws-target.ts";
import type { AccessKey } from "./signature.ts";

/** The sandbox's AWS region. */
export const region = "us-east-1";

/** The sandbox's AWS account. */
export const accountId = "000000000000";

/** How the gateway reaches the emulator. Everything else reaches AWS through the gateway. */
export interface EmulatorTarget extends AwsTarget {
  /** The Unix domain socket that the emulator listens on, in a folder that only this user can open. */
  readonly socketPath: string;
}

/** The target of an emulator that listens on this socket and has this root user. */
export function emulatorTarget(socketPath: string, credentials: AccessKey): EmulatorTarget {
  const options = { keepAlive: true, socketPath };
  const requestHandler = { httpAgent: new Agent(options) };
  return { endpoint: "http://127.0.0.1", region, credentials, requestHandler, socketPath };
}

/**
 * The path of a new socket for an emulator, in a new temporary folder: the path of a socket has at most
 * 103 characters.
 */
export function newSocketPath(): string {
  return join(mkdtempSync(join(tmpdir(), "emulator-")), "socket");
}

/**
 * Starts the AWS emulator with IAM enforced. Its functions, and the addresses in its responses, reach
 * AWS at the gateway's port; its functions have the time of `clockFile` (clock.ts).
 * Resolves when it responds. State and log are below `folder`. Returns the function that ends it and
 * removes its socket; both also happen when this process dies, however that happens.
 */
export async function startEmulator({
  python,
  target: { socketPath, credentials },
  gatewayPort,
  folder,
  clockFile,
}: {
  python: string;
  target: EmulatorTarget;
  gatewayPort: number;
  folder: string;
  clockFile: string;
}): Promise<() => Promise<void>> {
  mkdirSync(join(folder, "tmp"), { recursive: true });
  const log = openSync(join(folder, "emulator.log"), "a");
  // The shell waits on its standard input, which ends with this process, and then ends its child.
  const guard =
    '"$@" & child=$!; cat >/dev/null; kill $child; wait $child; rm -rf "$SANDBOX_SOCKET_FOLDER"';
  const main = join(import.meta.dirname, "emulator.py");
  const child = spawn("sh", ["-c", guard, "sh", python, main], {
    // A separate process group: Ctrl-C in the terminal must not end it before the stack is destroyed.
    detached: true,
    stdio: ["pipe", log, log],
    env: {
      // Functions have these too, so none is an account of this user's.
      ...withoutAccounts(process.env),
      AUTH: "true",
      GATEWAY_PORT: String(gatewayPort),
      IOT_MTLS_ENABLED: "0",
      SFTP_ENABLED: "0",
      STATE_DIR: join(folder, "state"),
      S3_DATA_DIR: join(folder, "s3"),
      TMPDIR: join(folder, "tmp"),
      SANDBOX_SOCKET: socketPath,
      SANDBOX_SOCKET_FOLDER: dirname(socketPath),
      // Functions have others: emulator.py.
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_ENDPOINT_URL: `http://127.0.0.1:${gatewayPort}`,
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
  try {
    await waitFor("the AWS emulator", () => {
      if (child.exitCode !== null) throw new Error("the AWS emulator ended");
      return isReady(socketPath);
    });
  } catch (error) {
    await stop();
    throw new Error(`${(error as Error).message}; see ${join(folder, "emulator.log")}`);
  }
  return stop;
}

async function isReady(socketPath: string): Promise<boolean> {
  try {
    const { status } = await send({ socketPath }, { path: "/_ministack/ready" }, Buffer.alloc(0));
    return status === 200;
  } catch {
    return false;
  }
}

/**
 * Publishes a layer in place of the AWS SDK of the real Lambda runtime: each package in it only points
 * to the one in node_modules. Returns the layer version's ARN.
 */
export async function publishSdkLayer(target: AwsTarget): Promise<string> {
  const require = createRequire(import.meta.url);
  const services = ["dynamodb", "ec2", "elastic-load-balancing-v2", "s3", "sns", "sqs"];
  const files = services.flatMap((service) => {
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
  if (!LayerVersionArn)
    throw new Error("the AWS emulator did not accept the layer with the AWS SDK");
  return LayerVersionArn;
}
