import { stackReference } from "./data/resource-types.ts";
import { onEngineCall } from "./engine-calls.ts";

/** The messages of the engine, as far as they are used here. */
interface AnalyzerResource {
  getUrn(): string;
  setUrn(urn: string): void;
  setType(type: string): void;
  setName(name: string): void;
  setProperties(properties: unknown): void;
  setOptions(options: unknown): void;
  getPropertydependenciesMap(): { entries(): Iterable<[string, { getUrnsList(): string[] }]> };
}

interface AnalyzeStackRequest {
  getResourcesList(): AnalyzerResource[];
  addResources(resource: AnalyzerResource): void;
}

/**
 * Adds to each stack the references to other stacks that its resources depend on, without outputs. The
 * engine names them as dependencies and does not send them, since they are only read, and `@pulumi/policy`
 * drops dependencies that it has no resource for. Must be called before the policy server starts.
 */
export function addStackReferences(): void {
  onEngineCall("analyzeStack", addReferencesTo);
}

/** The same for one message. */
export function addReferencesTo(request: AnalyzeStackRequest): void {
  const proto = require("@pulumi/pulumi/proto/analyzer_pb");
  const { Struct } = require("google-protobuf/google/protobuf/struct_pb");
  const resources = request.getResourcesList();
  const sent = new Set(resources.map((it) => it.getUrn()));
  const named = new Set(resources.flatMap(dependenciesOf));
  for (const urn of named) {
    const [, name] = urn.split(`::${stackReference}::`);
    if (name === undefined || sent.has(urn)) continue;
    const reference: AnalyzerResource = new proto.AnalyzerResource();
    reference.setUrn(urn);
    reference.setType(stackReference);
    reference.setName(name);
    reference.setProperties(new Struct());
    reference.setOptions(new proto.AnalyzerResourceOptions());
    request.addResources(reference);
  }
}

function dependenciesOf(resource: AnalyzerResource): string[] {
  return [...resource.getPropertydependenciesMap().entries()].flatMap(([, it]) => it.getUrnsList());
}
