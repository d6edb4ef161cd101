import { createRequire } from "node:module";
import {
  Metadata,
  Server,
  ServerCredentials,
  ServerInterceptingCall,
  type ServerInterceptor,
  type ServerWritableStream,
  type ServiceDefinition,
  type ServiceError,
  type sendUnaryData,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import any from "google-protobuf/google/protobuf/any_pb.js";
import { isOtherUser } from "./peer.ts";

const require = createRequire(import.meta.url);

/** A message of Pulumi's protocol: the generated ones have no usable types for ESM. */
// biome-ignore lint/suspicious/noExplicitAny: see above
export type Message = any;

/**
 * Serves one service on a free port of loopback, for this user alone. Returns the port and a function
 * that ends it. Pulumi's protocol has no credentials, so the operating system must identify the caller.
 */
export async function serve(
  service: ServiceDefinition,
  methods: UntypedServiceImplementation,
): Promise<{ port: number; stop(): void }> {
  const server = new Server({ interceptors: [refuseOthers] });
  server.addService(service, methods);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { port, stop: () => server.forceShutdown() };
}

const refuseOthers: ServerInterceptor = (_, call) =>
  new ServerInterceptingCall(call, {
    start: (next) =>
      next({
        onReceiveMetadata(metadata, accept) {
          const info = call.getConnectionInfo();
          const peer = { address: info.remoteAddress ?? "", port: info.remotePort ?? 0 };
          const own = { address: info.localAddress ?? "", port: info.localPort ?? 0 };
          const details = "the sandbox's plugins serve the user who started them alone";
          if (!isOtherUser(peer, own)) accept(metadata);
          else call.sendStatus({ code: status.PERMISSION_DENIED, details });
        },
      }),
  });

/** A method with one request and one response; what it throws is the call's error. */
export function unary(method: (request: Message) => Promise<unknown>) {
  return (call: { request: Message }, callback: sendUnaryData<unknown>) => {
    method(call.request).then(
      (response) => callback(null, response),
      (error) => callback(failure(error), null),
    );
  };
}

/** A method that responds to one request with any number of messages. */
export function streaming(
  method: (request: Message, write: (message: Message) => void) => Promise<void>,
) {
  return (call: ServerWritableStream<Message, Message>) => {
    method(call.request, (message) => call.write(message)).then(
      () => call.end(),
      (error) => call.destroy(Object.assign(error, failure(error))),
    );
  };
}

function failure(error: Error & Partial<ServiceError>): Partial<ServiceError> {
  return {
    code: status.UNKNOWN,
    message: error.message,
    ...(error.metadata && { metadata: error.metadata }),
  };
}

/** The error with a message beside its text, as gRPC sends such: https://grpc.io/docs/guides/error/ */
export function withDetail(error: Error, message: Uint8Array, messageType: string): Error {
  const packed = new any.Any();
  packed.pack(message, messageType);
  const { Status } = require("@pulumi/pulumi/proto/status_pb.js");
  const details = filled(new Status(), {
    Code: status.UNKNOWN,
    Message: error.message,
    DetailsList: [packed],
  });
  const metadata = new Metadata();
  metadata.set("grpc-status-details-bin", Buffer.from(details.serializeBinary()));
  return Object.assign(error, { metadata });
}

/** The message with its fields set: `Id` by `setId` and so on. */
export function filled(message: Message, fields: Readonly<Record<string, unknown>>): Message {
  for (const [name, value] of Object.entries(fields)) message[`set${name}`](value);
  return message;
}
