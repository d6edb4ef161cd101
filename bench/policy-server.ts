import { createRequire } from "node:module";
import { performance } from "node:perf_hooks";
import type { Policies } from "@pulumi/policy";
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
  const proto = require("@pulumi/pulumi/proto/analyzer_pb");
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
        const request = filled(require, new proto.AnalyzeRequest(), resource);
        const one = await timed(analyze, request);
        ms += one.ms;
        findings += one.findings;
      }
      return { ms, findings };
    },
    analyzeStack(make) {
      const request = new proto.AnalyzeStackRequest();
      request.setResourcesList(make().map((resource) => inStack(require, resource)));
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

/** What AnalyzeRequest and AnalyzerResource have in common. */
interface Message {
  setType(type: string): void;
  setName(name: string): void;
  setUrn(urn: string): void;
  setProperties(properties: unknown): void;
  setOptions(options: unknown): void;
}

function filled<T extends Message>(require: NodeJS.Require, message: T, of: GeneratedResource): T {
  const { AnalyzerResourceOptions } = require("@pulumi/pulumi/proto/analyzer_pb");
  const { Struct } = require("google-protobuf/google/protobuf/struct_pb");
  message.setType(of.type);
  message.setName(of.name);
  message.setUrn(urnOf(of));
  message.setProperties(Struct.fromJavaScript(of.props));
  message.setOptions(new AnalyzerResourceOptions());
  return message;
}

function inStack(require: NodeJS.Require, resource: GeneratedResource): unknown {
  const proto = require("@pulumi/pulumi/proto/analyzer_pb");
  const message = filled(require, new proto.AnalyzerResource(), resource);
  if (resource.parent) message.setParent(resource.parent);
  for (const [property, urns] of Object.entries(resource.dependsOn ?? {})) {
    const dependencies = new proto.AnalyzerPropertyDependencies();
    dependencies.setUrnsList(urns);
    message.getPropertydependenciesMap().set(property, dependencies);
  }
  return message;
}
