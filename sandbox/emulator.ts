import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, openSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { LambdaClient, PublishLayerVersionCommand } from "@aws-sdk/client-lambda";
import { strToU8, zipSync } from "fflate";
import { listen } from "./listen.ts";
import type { AwsTarget } from "./providers/aws.ts";

export interface Emulator {
  readonly target: AwsTarget;
  /** Tells the functions' workers where AWS is; must be said before a function runs. */
  stop(): Promise<void>;
}

/** A port of loopback that is free now. */
export async function freePort(): Promise<number> {
  const { server, port } = await listen(createServer(), 0);
  await new Promise((resolve) => server.close(resolve));
  return port;
}
