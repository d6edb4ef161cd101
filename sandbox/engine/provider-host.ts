import { createRequire } from "node:module";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { planProblems, refuseNames } from "../aws/provider/name-rules.ts";
import {
  type Created,
  CreatedInPart,
  NotInSandbox,
  type Outputs,
  type Provider,
  type ResourceType,
} from "../aws/provider/resource-type.ts";
import { duplicateKeyIn } from "./duplicate-keys.ts";
import { filled, type Message, serve, unary, withDetail } from "./grpc.ts";
import {
  hexOf,
  isEmpty,
  isSame,
  isValues,
  keepSecrets,
  normalizeJson,
  reveal,
  revealAll,
  type Values,
} from "./values.ts";

const require = createRequire(import.meta.url);
const messages = require("@pulumi/pulumi/proto/provider_pb.js");
const plugin = require("@pulumi/pulumi/proto/plugin_pb.js");
const { ResourceProviderService } = require("@pulumi/pulumi/proto/provider_grpc_pb.js");

/**
 * Serves a provider to the Pulumi engine, which attaches to it by PULUMI_DEBUG_PROVIDERS. The host
 * speaks the protocol itself, since `@pulumi/pulumi/provider` hides old inputs and the seed of
 * automatic names. Returns the port on loopback and a function that ends it.
 */
export function serveProvider(provider: Provider): Promise<{ port: number; stop(): void }> {
  return serve(ResourceProviderService, methodsOf(provider));
}

function methodsOf(provider: Provider) {
  return {
    attach: unary(async () => new empty.Empty()),
    cancel: unary(async () => new empty.Empty()),
    getPluginInfo: unary(async () =>
      filled(new plugin.PluginInfo(), { Version: provider.version }),
    ),
    parameterize: unary(async (request) => {
      const { name, version } = request.getValue().toObject();
      return filled(new messages.ParameterizeResponse(), { Name: name, Version: version });
    }),
    configure: unary(async (request) => {
      const settings = new Map<string, string>();
      request.getVariablesMap().forEach((value: string, key: string) => {
        settings.set(key.slice(key.lastIndexOf(":") + 1), value);
      });
      await provider.configure(settings);
      return filled(new messages.ConfigureResponse(), {
        Acceptsecrets: true,
        Supportspreview: provider.outputs !== undefined,
        SupportsAutonamingConfiguration: true,
      });
    }),
    invoke: unary(async (request) => {
      const token = request.getTok();
      const call = known(provider.functions, token, "function");
      return filled(new messages.InvokeResponse(), {
        Return: toStruct(await call(revealAll(fromStruct(request.getArgs())))),
      });
    }),
    check: unary(async (request) => check(provider, request)),
    diff: unary(async (request) => diff(typeOf(provider, request), request)),
    create: unary(async (request) => {
      const type = typeOf(provider, request);
      const outputs = outputsOf(provider, request);
      const inputs = fromStruct(request.getProperties());
      const given = revealAll(inputs);
      const secrets = type.secretOutputs ?? [];
      if (request.getPreview()) {
        const properties = outputs.planned({ ...type.defaults, ...given });
        return filled(new messages.CreateResponse(), {
          Properties: toStruct(keepSecrets(properties, inputs, secrets)),
        });
      }
      const propertiesOf = (created: Created) => {
        const properties = outputs.complete({ ...type.defaults, ...given, ...created.outputs });
        return toStruct(keepSecrets(properties, inputs, secrets));
      };
      refuseNames(request.getType(), inputs);
      try {
        const created = await type.create(given);
        return filled(new messages.CreateResponse(), {
          Id: created.id,
          Properties: propertiesOf(created),
        });
      } catch (error) {
        if (!(error instanceof CreatedInPart)) throw error;
        throw failedInPart(error, error.created.id, propertiesOf(error.created), inputs);
      }
    }),
    read: unary(async (request) => {
      const type = typeOf(provider, request);
      const outputs = outputsOf(provider, request);
      const inputs = fromStruct(request.getInputs());
      const { [failedUpdate]: _, ...state } = fromStruct(request.getProperties());
      const found = await type.read(request.getId(), revealAll(state));
      if (found === undefined) return new messages.ReadResponse();
      const now = outputs.complete(found);
      // Only what was an input before is one now: else a computed value would later be "removed".
      const olds = Object.entries(revealAll(inputs)).filter(([key]) => now[key] !== undefined);
      const changed = changedDefaults(type, now).map((key) => [key, now[key] ?? null]);
      const freshInputs = {
        ...outputs.asInputs(Object.fromEntries(olds), now),
        ...Object.fromEntries(changed),
      };
      const secrets = type.secretOutputs ?? [];
      return filled(new messages.ReadResponse(), {
        Id: request.getId(),
        Inputs: toStruct({ ...inputs, ...keepSecrets(freshInputs, inputs, []) }),
        Properties: toStruct({ ...state, ...keepSecrets(now, { ...state, ...inputs }, secrets) }),
      });
    }),
    update: unary(async (request) => {
      const type = typeOf(provider, request);
      const outputs = outputsOf(provider, request);
      const inputs = fromStruct(request.getNews());
      const given = revealAll(inputs);
      const { [failedUpdate]: _, ...kept } = revealAll(fromStruct(request.getOlds()));
      const oldInputs = revealAll(oldInputsOf(request));
      const state = Object.entries(kept);
      const computed = Object.fromEntries(state.filter(([key]) => oldInputs[key] === undefined));
      const secrets = type.secretOutputs ?? [];
      if (request.getPreview()) {
        const properties = outputs.planned({ ...computed, ...type.defaults, ...given });
        return filled(new messages.UpdateResponse(), {
          Properties: toStruct(keepSecrets(properties, inputs, secrets)),
        });
      }
      const set = state.filter(([, value]) => !isEmpty(value));
      const olds = { ...Object.fromEntries(set), ...oldInputs };
      const propertiesWith = (changed: Values) => {
        const wanted = { ...computed, ...type.defaults, ...given, ...changed };
        return keepSecrets(outputs.complete(wanted), inputs, secrets);
      };
      try {
        const changed = (await type.update?.(request.getId(), given, olds)) ?? {};
        const Properties = toStruct(propertiesWith(changed));
        return filled(new messages.UpdateResponse(), { Properties });
      } catch (error) {
        if (error instanceof NotInSandbox || type.keepsStateOfFailedUpdate) throw error;
        const properties = toStruct({ ...propertiesWith({}), [failedUpdate]: inputs });
        throw failedInPart(error as Error, request.getId(), properties, inputs);
      }
    }),
    delete: unary(async (request) => {
      const state = revealAll(fromStruct(request.getProperties()));
      await typeOf(provider, request).delete(request.getId(), state);
      return new empty.Empty();
    }),
  };
}

/**
 * The output that has the inputs of an update that failed, until the next update or refresh.
 *
 * After a failed update the bridge of the real providers returns the wanted outputs, and the engine
 * keeps them with the old inputs. The bridge compares outputs with new inputs, so it finds nothing
 * to do. This host compares inputs, so it compares these:
 * https://github.com/pulumi/pulumi-terraform-bridge/blob/c92e7c82460e8b8aa34c55629130253ddd83b768/pkg/tfbridge/provider.go
 * https://github.com/pulumi/pulumi/pull/2035
 * https://github.com/pulumi/pulumi-aws/issues/6062
 */
const failedUpdate = "__failedUpdate";

/** The inputs of the last update, even if it failed. */
function oldInputsOf(request: Message): Values {
  const { [failedUpdate]: attempted } = fromStruct(request.getOlds());
  return isValues(attempted) ? attempted : fromStruct(request.getOldInputs());
}

/**
 * The error of a resource that is there, though not as it should be. The engine keeps these
 * properties, and the next `up` updates the resource, whatever differs.
 */
function failedInPart(error: Error, id: string, properties: Message, inputs: Values): Error {
  const failed = filled(new messages.ErrorResourceInitFailed(), {
    Id: id,
    Properties: properties,
    ReasonsList: [error.message],
    Inputs: toStruct(inputs),
  });
  return withDetail(error, failed.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
}

/** Refuses unknown properties, and fills in what the real provider does: names and JSON form. */
function check(provider: Provider, request: Message) {
  const type = typeOf(provider, request);
  const inputs = fromStruct(request.getNews());
  const olds = fromStruct(request.getOlds());
  const failures = Object.keys(inputs)
    .filter((key) => !type.inputs.includes(key))
    .map((key) =>
      filled(new messages.CheckFailure(), {
        Property: key,
        Reason: `the sandbox does not have this property; it has ${type.inputs.join(", ")}`,
      }),
    );
  for (const key of type.json ?? []) {
    const value = inputs[key];
    if (value === undefined) continue;
    const document = reveal(value);
    const twice = typeof document === "string" ? duplicateKeyIn(document) : undefined;
    if (twice === undefined) {
      Object.assign(inputs, keepSecrets({ [key]: normalizeJson(document) }, inputs, []));
    } else if (request.getType().startsWith("aws:iam/")) {
      // Errors of other services are passed on unchanged.
      const Reason = `"${key}" contains duplicate JSON keys: duplicate key "${twice}"`;
      failures.push(filled(new messages.CheckFailure(), { Property: key, Reason }));
    }
  }
  const { autoName } = type;
  if (autoName && inputs[autoName] === undefined) {
    const usual = `${request.getName()}-${hexOf(request.getRandomseed_asU8(), 7)}`;
    const name = request.getAutonaming()?.getProposedName() ?? usual;
    inputs[autoName] = olds[autoName] ?? type.completeAutoName?.(name, inputs) ?? name;
  }
  const wrongNames = planProblems(request.getType(), inputs).map(([Property, Reason]) =>
    filled(new messages.CheckFailure(), { Property, Reason }),
  );
  return filled(new messages.CheckResponse(), {
    Inputs: toStruct(type.complete?.(inputs) ?? inputs),
    FailuresList: [...failures, ...wrongNames],
  });
}

/**
 * Compares old inputs with new ones, never with outputs, as the real providers do. A refresh relies
 * on the provider for `ignoreChanges`; else the engine has left those properties as they were.
 */
function diff(type: ResourceType, request: Message) {
  const olds = oldInputsOf(request);
  const news = fromStruct(request.getNews());
  const ignored: string[] = request.getIgnorechangesList();
  const keys = [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter(
    (key) => !ignored.includes(key),
  );
  const valueIn = (inputs: Values, key: string) => inputs[key] ?? type.defaults?.[key];
  const changed = keys.filter((key) => !isSame(valueIn(olds, key), valueIn(news, key)));
  const { DiffChanges } = messages.DiffResponse;
  return filled(new messages.DiffResponse(), {
    Changes: changed.length > 0 ? DiffChanges.DIFF_SOME : DiffChanges.DIFF_NONE,
    DiffsList: changed,
    ReplacesList: changed.filter((key) => type.replaces?.includes(key) || !type.update),
    Deletebeforereplace: type.hasFixedName ?? false,
  });
}

/** The properties that the program does not set, and that differ from what the provider assumes. */
function changedDefaults({ defaults = {} }: ResourceType, now: Values): string[] {
  return Object.keys(defaults).filter((key) => !isSame(now[key], defaults[key]));
}

function typeOf(provider: Provider, request: Message): ResourceType {
  return known(provider.resources, request.getType(), "resource type");
}

/** Without knowledge of the type's properties, what the type returns is all there is. */
const asReturned: Outputs = {
  complete: (properties) => properties,
  planned: (properties) => properties,
  asInputs: (olds, now) =>
    Object.fromEntries(Object.keys(olds).map((key) => [key, now[key] ?? null])),
};

function outputsOf(provider: Provider, request: Message): Outputs {
  return provider.outputs?.(request.getType()) ?? asReturned;
}

function known<T>(all: Readonly<Record<string, T>>, token: string, what: string): T {
  const found = all[token];
  if (found === undefined) {
    throw new Error(
      `the sandbox does not have the ${what} ${token}; it has ${Object.keys(all).join(", ")}`,
    );
  }
  return found;
}

function fromStruct(message: Message): Values {
  return message ? message.toJavaScript() : {};
}

function toStruct(values: Values) {
  return struct.Struct.fromJavaScript(values as never);
}
