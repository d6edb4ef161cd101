import { createRequire } from "node:module";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import type {
  CheckResponse,
  ConfigureResponse,
  CreateResponse,
  DiffResponse,
  InvokeResponse,
  ParameterizeResponse,
  ReadResponse,
  UpdateResponse,
} from "@pulumi/pulumi/proto/provider_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import type { Provider } from "../../aws/provider/resource-type.ts";
import { serveProvider } from "../../engine/provider-host.ts";
import type { Values } from "../../engine/values.ts";

const require = createRequire(import.meta.url);
const messages =
  require("@pulumi/pulumi/proto/provider_pb.js") as typeof import("@pulumi/pulumi/proto/provider_pb.js");
const { ResourceProviderClient } =
  require("@pulumi/pulumi/proto/provider_grpc_pb.js") as typeof import("@pulumi/pulumi/proto/provider_grpc_pb.js");

/** The type that all calls are about. */
const type = "test:index:Thing";

/** Serves a provider and calls it as the engine does, in plain values. */
export async function startProvider(provider: Provider) {
  const host = await serveProvider(provider);
  const address = `127.0.0.1:${host.port}`;
  const client = new ResourceProviderClient(address, credentials.createInsecure());
  return {
    async configure(variables: Record<string, string>) {
      const request = new messages.ConfigureRequest();
      for (const [key, value] of Object.entries(variables)) {
        request.getVariablesMap().set(key, value);
      }
      return (await send<ConfigureResponse>((done) => client.configure(request, done))).toObject();
    },

    async parameterize(name: string, version: string) {
      const value = new messages.ParameterizeRequest.ParametersValue();
      value.setName(name).setVersion(version);
      const request = new messages.ParameterizeRequest().setValue(value);
      return (
        await send<ParameterizeResponse>((done) => client.parameterize(request, done))
      ).toObject();
    },

    async invoke(token: string, args: Values) {
      const request = new messages.InvokeRequest().setTok(token).setArgs(asStruct(args));
      const response = await send<InvokeResponse>((done) => client.invoke(request, done));
      return response.getReturn()?.toJavaScript();
    },

    async check(
      news: Values,
      { olds = {}, seed = Uint8Array.of(1, 2, 3), proposedName = "", ofType = type } = {},
    ) {
      const request = new messages.CheckRequest();
      request.setType(ofType).setName("it").setRandomseed(seed);
      request.setNews(asStruct(news)).setOlds(asStruct(olds));
      if (proposedName) {
        const autonaming = new messages.CheckRequest.AutonamingOptions();
        request.setAutonaming(autonaming.setProposedName(proposedName));
      }
      const response = await send<CheckResponse>((done) => client.check(request, done));
      const failures = response.getFailuresList().map((it) => it.toObject());
      return { inputs: response.getInputs()?.toJavaScript(), failures };
    },

    /** `outputs` are the resource's old state, as far as it differs from the old inputs. */
    async diff(oldInputs: Values, news: Values, outputs: Values = {}) {
      const request = new messages.DiffRequest().setId("thing-1").setType(type);
      request.setOldInputs(asStruct(oldInputs)).setNews(asStruct(news));
      request.setOlds(asStruct({ ...oldInputs, ...outputs }));
      const response = await send<DiffResponse>((done) => client.diff(request, done));
      return {
        isChanged: response.getChanges() === messages.DiffResponse.DiffChanges.DIFF_SOME,
        changed: response.getDiffsList().sort(),
        replaces: response.getReplacesList().sort(),
        deletesFirst: response.getDeletebeforereplace(),
      };
    },

    async create(inputs: Values, ofType = type, isPreview = false) {
      const request = new messages.CreateRequest().setType(ofType).setPreview(isPreview);
      request.setProperties(asStruct(inputs));
      const response = await send<CreateResponse>((done) => client.create(request, done));
      return { id: response.getId(), properties: response.getProperties()?.toJavaScript() };
    },

    async read(id: string, inputs: Values, properties: Values) {
      const request = new messages.ReadRequest().setId(id).setType(type);
      request.setInputs(asStruct(inputs)).setProperties(asStruct(properties));
      const response = await send<ReadResponse>((done) => client.read(request, done));
      return {
        id: response.getId(),
        inputs: response.getInputs()?.toJavaScript(),
        properties: response.getProperties()?.toJavaScript(),
      };
    },

    /** `olds` are the resource's old state. */
    async update(
      id: string,
      olds: Values,
      news: Values,
      { oldInputs = {}, isPreview = false }: { oldInputs?: Values; isPreview?: boolean } = {},
    ) {
      const request = new messages.UpdateRequest().setId(id).setType(type).setPreview(isPreview);
      request.setOlds(asStruct(olds)).setNews(asStruct(news)).setOldInputs(asStruct(oldInputs));
      const response = await send<UpdateResponse>((done) => client.update(request, done));
      return response.getProperties()?.toJavaScript();
    },

    async delete(id: string, properties: Values) {
      const request = new messages.DeleteRequest().setId(id).setType(type);
      request.setProperties(asStruct(properties));
      await send((done) => client.delete(request, done));
    },

    stop() {
      client.close();
      host.stop();
    },
  };
}

/** The error; for a resource that was created in part with what the engine keeps of it. */
function failureOf({ details, metadata }: ServiceError): Error {
  const [status] = metadata?.get("grpc-status-details-bin") ?? [];
  const error = new Error(details);
  if (!Buffer.isBuffer(status)) return error;
  const { Status } = require("@pulumi/pulumi/proto/status_pb.js");
  const [detail] = Status.deserializeBinary(status).getDetailsList();
  const kept = messages.ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
  return Object.assign(error, {
    id: kept.getId(),
    properties: kept.getProperties()?.toJavaScript(),
    reasons: kept.getReasonsList(),
  });
}

/** A call's response; an error with the text that the engine shows. */
function send<T>(call: (done: (error: ServiceError | null, response: T) => void) => unknown) {
  return new Promise<T>((resolve, reject) => {
    call((error, response) => (error ? reject(failureOf(error)) : resolve(response)));
  });
}

function asStruct(values: Values) {
  return struct.Struct.fromJavaScript(values as never);
}
