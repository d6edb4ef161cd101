import { createRequire } from "node:module";
import { performance } from "node:perf_hooks";
import type { Policies } from "@pulumi/policy";
import { analyzerRequests, type ToldResource } from "../test/requests.ts";
import { type GeneratedResource, urnOf } from "./generated-stack.ts";

/** A pack's policies, and a file of the folder in whose node_modules its policy server stands. */
export interface Pack {
  readonly name: string;
  readonly file: string;
  readonly policies: Policies;
}

/** What the policy server did of the engine's calls. */
export interface Timed {
  readonly ms: number;
  readonly findings: number;
}

interface PolicyServer {
  /** Asks about the inputs of each resource, as before it is made: a call each. */
  analyze(make: () => readonly GeneratedResource[]): Promise<Timed>;
  /** Asks about all of them at once, as after the preview. */
  analyzeStack(make: () => readonly GeneratedResource[]): Promise<Timed>;
}

/**
 * The functions that the policy server registers with gRPC, without gRPC. Milliseconds are those of
 * the calls, without the making of their requests. A call that fails throws.
 */
export function policyServer({ name, file, policies }: Pack): PolicyServer {
  const require = createRequire(file);
  const server = require("@pulumi/policy/server");
  const requests = analyzerRequests(require);
  const pack = [name, "0.0.0", "mandatory", policies];

  const timed = async (rpc: Rpc, request: unknown): Promise<Timed> => {
    const startMs = performance.now();
    const response = await new Promise<Response>((resolve, reject) => {
      rpc({ request }, (error, answer) => (error ? reject(error) : resolve(answer)));
    });
    return { ms: performance.now() - startMs, findings: response.getDiagnosticsList().length };
  };

  return {
    async analyze(make) {
      const analyze: Rpc = server.makeAnalyzeRpcFun(...pack);
      let [ms, findings] = [0, 0];
      for (const resource of make()) {
        const one = await timed(analyze, requests.analyze(told(resource)));
        ms += one.ms;
        findings += one.findings;
      }
      return { ms, findings };
    },
    analyzeStack(make) {
      const request = requests.analyzeStack(make().map(told));
      return timed(server.makeAnalyzeStackRpcFun(...pack), request);
    },
  };
}

type Rpc = (
  call: { readonly request: unknown },
  callback: (error: unknown, response: Response) => void,
) => void;

interface Response {
  getDiagnosticsList(): readonly unknown[];
}

function told(resource: GeneratedResource): ToldResource {
  return { ...resource, urn: urnOf(resource) };
}
