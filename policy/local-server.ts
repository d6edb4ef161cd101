import type { Policies } from "@pulumi/policy";
import { analyzerRequests, type SentResource } from "./analyzer-requests.ts";
import type { Configuration } from "./configuration.ts";
import { configuredPolicy } from "./configured-policy.ts";
import { addReferencesTo } from "./stack-references.ts";

/** What a rule reports, as the engine gets it. */
export interface Verdict {
  readonly rule: string;
  readonly level: "mandatory" | "advisory";
  readonly message: string;
  readonly urn: string;
}

/** The response to one call of the engine. */
export interface Response {
  readonly verdicts: readonly Verdict[];
  /** The names of the rules that had nothing to check. */
  readonly notApplicable: readonly string[];
}

/** A policy pack without an engine, in this process. It gets the same messages, so its findings are the same. */
export interface LocalServer {
  /** Checks the inputs of one resource, as before it is created. */
  analyze(resource: SentResource): Promise<Response>;
  /** Checks all resources, as after a preview or a deployment. */
  analyzeStack(resources: readonly SentResource[]): Promise<Response>;
}

interface Diagnostic {
  getPolicyname(): string;
  getEnforcementlevel(): number;
  getMessage(): string;
  getUrn(): string;
}

interface RpcResponse {
  getDiagnosticsList(): Diagnostic[];
  getNotApplicableList(): { getPolicyName(): string }[];
}

type Call = (
  call: { request: unknown },
  callback: (error: unknown, response: RpcResponse) => void,
) => void;

/** Serves the policies of a pack with its configuration. */
export function serveLocally(
  policies: Policies,
  { settings, disabled, advisory }: Configuration,
): LocalServer {
  // Internal functions, which the engine calls by gRPC, so the package's version is pinned.
  const { makeAnalyzeRpcFun, makeAnalyzeStackRpcFun } = require("@pulumi/policy/server");
  const analyzer = require("@pulumi/pulumi/proto/analyzer_pb");
  const struct = require("google-protobuf/google/protobuf/struct_pb");
  const requests = analyzerRequests({ analyzer, struct });
  // The server does not share the configuration that the engine sends, so each policy gets its part here.
  const enabled = policies
    .filter(({ name }) => !disabled.has(name))
    .map((it) =>
      configuredPolicy(it, advisory.has(it.name) ? "advisory" : undefined, settings[it.name]),
    );
  const served = ["least-privilege-iam", "0.0.0", "mandatory", enabled];
  const call = async (method: Call, request: unknown): Promise<Response> => {
    const response = await new Promise<RpcResponse>((resolve, reject) => {
      method({ request }, (error, value) => (error ? reject(error) : resolve(value)));
    });
    return {
      verdicts: response.getDiagnosticsList().map((it) => ({
        rule: it.getPolicyname(),
        level:
          it.getEnforcementlevel() === analyzer.EnforcementLevel.MANDATORY
            ? "mandatory"
            : "advisory",
        message: it.getMessage(),
        urn: it.getUrn(),
      })),
      notApplicable: response.getNotApplicableList().map((it) => it.getPolicyName()),
    };
  };
  const analyze = makeAnalyzeRpcFun(...served);
  const analyzeStack = makeAnalyzeStackRpcFun(...served);
  return {
    analyze: (resource) => call(analyze, requests.analyze(resource)),
    analyzeStack(resources) {
      const request = requests.analyzeStack(resources) as Parameters<typeof addReferencesTo>[0];
      addReferencesTo(request);
      return call(analyzeStack, request);
    },
  };
}
