import { errorText, isNamed } from "./errors.ts";
import type { EvidenceClients } from "./evidence-clients.ts";
import type { EvidenceOptions, HandlerOptions } from "./options.ts";
import { timeLimitsMs } from "./time-limits.ts";

/** What is captured of an instance before its reboot. */
export type EvidenceKind = "console output" | "screenshot";

/** What was captured, and why the rest was not. It never contains what was captured. */
export interface Evidence {
  readonly captured: readonly EvidenceKind[];
  readonly failures: readonly string[];
}

/** The folder of all evidence in the bucket, below which the function may write. */
export const evidenceFolder = "incident/";

/** The prefix of an incident's objects in the bucket. */
export function evidencePrefix(incidentId: string): string {
  return `${evidenceFolder}${incidentId}/`;
}

/**
 * The page of an incident's evidence in the S3 console, which asks for a login. It is no presigned link:
 * anyone who reads an e-mail could open that.
 */
export function evidencePlace(bucketName: string, incidentId: string): string {
  const prefix = encodeURIComponent(evidencePrefix(incidentId));
  return `https://console.aws.amazon.com/s3/buckets/${bucketName}?prefix=${prefix}`;
}

/**
 * Captures the console output and a screenshot of the instance and stores them in the bucket, concurrently,
 * for at most `limitMs` in all, and never for more than three seconds. Never throws: evidence must not
 * prevent a reboot. The console can show secrets, so nothing of it is returned or logged.
 */
export async function captureEvidence(
  incidentId: string,
  { bucketName, clients }: EvidenceOptions,
  { instanceId, now, wait }: Pick<HandlerOptions, "instanceId" | "now" | "wait">,
  limitMs: number,
): Promise<Evidence> {
  const totalMs = Math.min(limitMs, timeLimitsMs.evidence);
  const deadlineMs = now() + totalMs;
  const leftMs = () => Math.max(1, deadlineMs - now());

  async function store(kind: EvidenceKind): Promise<EvidenceKind> {
    const { name, type, capture } = sources[kind];
    const Body = await capture(clients, instanceId, leftMs);
    const Key = `${evidencePrefix(incidentId)}${name}`;
    const input = { Bucket: bucketName, Key, Body, ContentType: type };
    await clients.putObject(input, leftMs());
    return kind;
  }

  /** A call that does not end at its limit, or an SDK that loads slowly, must not delay the reboot. */
  const timeout = async (): Promise<never> => {
    await wait(totalMs);
    throw new Error(`not finished within ${totalMs} ms`);
  };
  if (totalMs <= 0) return { captured: [], failures: ["no time was left before the reboot"] };
  const kinds = Object.keys(sources) as EvidenceKind[];
  const results = await Promise.allSettled(
    kinds.map((kind) => Promise.race([store(kind), timeout()])),
  );
  return {
    captured: results.flatMap((it) => (it.status === "fulfilled" ? [it.value] : [])),
    failures: results.flatMap((it, index) =>
      it.status === "rejected" ? [`${kinds[index]}: ${errorText(it.reason)}`] : [],
    ),
  };
}

interface Source {
  /** The object's name behind the incident's prefix. */
  readonly name: string;
  readonly type: string;
  readonly capture: (
    clients: EvidenceClients,
    instanceId: string,
    leftMs: () => number,
  ) => Promise<Uint8Array>;
}

const sources: Readonly<Record<EvidenceKind, Source>> = {
  "console output": {
    name: "console.txt",
    type: "text/plain; charset=utf-8",
    capture: captureConsole,
  },
  screenshot: { name: "screenshot.jpg", type: "image/jpeg", capture: captureScreenshot },
};

/**
 * The latest console output. Instances that are not of the Nitro system have only what they wrote soon after
 * their start, and refuse to give the latest.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetConsoleOutput.html
 */
async function captureConsole(
  clients: EvidenceClients,
  InstanceId: string,
  leftMs: () => number,
): Promise<Uint8Array> {
  const { Output } = await clients
    .getConsoleOutput({ InstanceId, Latest: true }, leftMs())
    .catch((error) => {
      if (!isNamed(error, "UnsupportedOperation")) throw error;
      return clients.getConsoleOutput({ InstanceId }, leftMs());
    });
  if (!Output) throw new Error("EC2 has no console output of the instance");
  return Buffer.from(Output, "base64");
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetConsoleScreenshot.html */
async function captureScreenshot(
  clients: EvidenceClients,
  InstanceId: string,
  leftMs: () => number,
): Promise<Uint8Array> {
  const { ImageData } = await clients.getConsoleScreenshot({ InstanceId }, leftMs());
  if (!ImageData) throw new Error("EC2 has no screenshot of the instance");
  return Buffer.from(ImageData, "base64");
}
