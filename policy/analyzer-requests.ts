/** A resource as the engine sends it to a policy pack. */
export interface SentResource {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly props: Record<string, unknown>;
  /** Its URN. */
  readonly parent?: string | undefined;
  /** Property → URNs of the resources that its value comes from. */
  readonly dependsOn?: Readonly<Record<string, readonly string[]>> | undefined;
  /** The settings of its provider. */
  readonly provider?: Record<string, unknown> | undefined;
}

/** What AnalyzeRequest and AnalyzerResource have in common. */
interface Message {
  setType(type: string): void;
  setName(name: string): void;
  setUrn(urn: string): void;
  setProperties(properties: unknown): void;
  setOptions(options: unknown): void;
  setProvider(provider: unknown): void;
}

/** Modules of gRPC messages. A policy server accepts only those of its @pulumi/pulumi. */
export interface MessageModules {
  /** `@pulumi/pulumi/proto/analyzer_pb` */
  // biome-ignore lint/suspicious/noExplicitAny: it has no types
  readonly analyzer: any;
  /** `google-protobuf/google/protobuf/struct_pb` */
  readonly struct: { readonly Struct: { fromJavaScript(value: object): unknown } };
}

/** Creates the requests that the engine sends to the policy server. */
export function analyzerRequests({ analyzer: proto, struct: { Struct } }: MessageModules) {
  function filled<T extends Message>(message: T, of: SentResource): T {
    message.setType(of.type);
    message.setName(of.name);
    message.setUrn(of.urn);
    message.setProperties(Struct.fromJavaScript(of.props));
    const options = new proto.AnalyzerResourceOptions();
    if (of.parent) options.setParent(of.parent);
    message.setOptions(options);
    if (of.provider) {
      const provider = new proto.AnalyzerProviderResource();
      const type = `pulumi:providers:${of.type.split(":")[0]}`;
      provider.setType(type);
      provider.setName("provider");
      provider.setUrn(`urn:pulumi:dev::test::${type}::provider`);
      provider.setProperties(Struct.fromJavaScript(of.provider));
      message.setProvider(provider);
    }
    return message;
  }

  function inStack(resource: SentResource): unknown {
    const message = filled(new proto.AnalyzerResource(), resource);
    if (resource.parent) message.setParent(resource.parent);
    for (const [property, urns] of Object.entries(resource.dependsOn ?? {})) {
      const dependencies = new proto.AnalyzerPropertyDependencies();
      dependencies.setUrnsList(urns);
      message.getPropertydependenciesMap().set(property, dependencies);
    }
    return message;
  }

  return {
    /** The inputs of one resource, as before it is created. */
    analyze: (resource: SentResource): unknown => filled(new proto.AnalyzeRequest(), resource),
    /** All resources, as after a preview or a deployment. */
    analyzeStack(resources: readonly SentResource[]): unknown {
      const request = new proto.AnalyzeStackRequest();
      request.setResourcesList(resources.map(inStack));
      return request;
    },
  };
}
