import { createRequire } from "node:module";
import { performance } from "node:perf_hooks";
import type { Policies } from "@pulumi/policy";
import { analyzerRequests, type SentResource } from "../test/requests.ts";
import { type GeneratedResource, urnOf } from "./generated-stack.ts";

/** A pack's policies, and a file of the folder whose node_modules has its policy server. */
export interface Pack {
  readonly name: string;
  readonly file: string;
  readonly policies: Policies;
}

/** The result of the engine's calls. */
export interface Timed {
  readonly ms: number;
  readonly findings: number;
}

interface PolicyServer {
  /** Checks the inputs of each resource, as before it is created: a call each. */
  analyze(create: () => readonly GeneratedResource[]): Promise<Timed>;
  /** Checks all of them at once, as after the preview. */
  analyzeStack(create: () => readonly GeneratedResource[]): Promise<Timed>;
}

/**
 * The functions that the policy server registers with gRPC, without gRPC. Milliseconds are those of
 * the calls, without creating their requests. A call that fails throws.
 */
export function policyServer({ name, file, policies }: Pack): PolicyServer {
  const require = createRequire(file);
  const server = require("@pulumi/policy/server");
  const requests = analyzerRequests(require);
  const pack = [name, "0.0.0", "mandatory", policies];

  const timed = async (rpc: Rpc, request: unknown): Promise<Timed> => {
    const startMs = performance.now();
    const response = await new Promise<Response>((resolve, reject) => {
      rpc({ request }, (error, value) => (error ? reject(error) : resolve(value)));
    });
    return { ms: performance.now() - startMs, findings: response.getDiagnosticsList().length };
  };

  return {
    async analyze(create) {
      const analyze: Rpc = server.makeAnalyzeRpcFun(...pack);
      let [ms, findings] = [0, 0];
      for (const resource of create()) {
        const one = await timed(analyze, requests.analyze(sent(resource)));
        ms += one.ms;
        findings += one.findings;
      }
      return { ms, findings };
    },
    analyzeStack(create) {
      const request = requests.analyzeStack(create().map(sent));
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

function sent(resource: GeneratedResource): SentResource {
  return { ...resource, urn: urnOf(resource) };
}
