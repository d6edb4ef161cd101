import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { performance } from "node:perf_hooks";
import { credentials } from "@grpc/grpc-js";
import { analyzerRequests, type SentResource } from "../analyzer-requests.ts";

const require = createRequire(import.meta.url);
const { AnalyzerClient } = require("@pulumi/pulumi/proto/analyzer_grpc_pb");
const proto = require("@pulumi/pulumi/proto/analyzer_pb");
const { Struct } = require("google-protobuf/google/protobuf/struct_pb");
const requests = analyzerRequests({
  analyzer: require("@pulumi/pulumi/proto/analyzer_pb"),
  struct: require("google-protobuf/google/protobuf/struct_pb"),
});

/** How a policy pack is started, without the engine's address. */
export interface PackCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly folder: string;
}

/** The result of the engine's calls. */
export interface Timed {
  readonly ms: number;
  readonly findings: number;
}

/** A policy pack in its own process, with the calls of the engine. One that fails throws. */
interface PackProcess {
  /** Sends settings by rule. */
  configure(settings: Readonly<Record<string, object>>): Promise<void>;
  /** Checks the inputs of each resource, as before it is created: a call each. */
  analyze(resources: readonly SentResource[]): Promise<Timed>;
  /** Checks all of them at once, as after the preview. */
  analyzeStack(resources: readonly SentResource[]): Promise<Timed>;
  /** The most memory that the process had so far, in MB; undefined where the system has no /proc. */
  peakMb(): number | undefined;
  stop(): Promise<void>;
}

/** The command for a folder with a PulumiPolicy.yaml: what Pulumi's language host for Node.js runs. */
export function packInFolder(folder: string): PackCommand {
  const run = createRequire(`${folder}/`).resolve("@pulumi/pulumi/cmd/run-policy-pack");
  return { command: process.execPath, args: [run, "127.0.0.1:1", folder], folder };
}

export async function startPackProcess({
  command,
  args,
  folder,
}: PackCommand): Promise<PackProcess> {
  const child = spawn(command, args, { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "close");
  // The first line is the port of its server.
  const [line] = await Promise.race([once(child.stdout, "data"), ended.then(() => [""])]);
  const port = Number(line);
  if (!port) throw new Error(`${command} has not started its server; it said ${String(line)}`);
  const client = new AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure());
  const call = (method: string, request: unknown) =>
    new Promise<{ getDiagnosticsList(): readonly unknown[] }>((resolve, reject) => {
      client[method](request, (error: unknown, response: never) =>
        error ? reject(error) : resolve(response),
      );
    });
  const timed = async (method: string, request: unknown): Promise<Timed> => {
    const startMs = performance.now();
    const response = await call(method, request);
    return { ms: performance.now() - startMs, findings: response.getDiagnosticsList().length };
  };
  return {
    async configure(settings) {
      const request = new proto.ConfigureAnalyzerRequest();
      for (const [rule, its] of Object.entries(settings)) {
        const config = new proto.PolicyConfig();
        config.setEnforcementlevel(proto.EnforcementLevel.MANDATORY);
        config.setProperties(Struct.fromJavaScript(its));
        request.getPolicyconfigMap().set(rule, config);
      }
      await call("configure", request);
    },
    async analyze(resources) {
      let [ms, findings] = [0, 0];
      for (const resource of resources) {
        const one = await timed("analyze", requests.analyze(resource));
        ms += one.ms;
        findings += one.findings;
      }
      return { ms, findings };
    },
    analyzeStack: (resources) => timed("analyzeStack", requests.analyzeStack(resources)),
    peakMb: () => peakMbOf(child.pid),
    async stop() {
      client.close();
      child.kill();
      await ended;
    },
  };
}

function peakMbOf(pid: number | undefined): number | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1_024;
  } catch {
    return undefined;
  }
}
