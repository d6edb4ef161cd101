/**
 * Calls back with each message that the engine sends to one method of the policy server, before the server gets
 * it: `@pulumi/policy` passes only a part of it to the rules. Must be called before the server starts.
 */
export function onEngineCall<Message>(
  method: "analyze" | "analyzeStack" | "configure" | "configureStack",
  use: (message: Message) => void,
): void {
  const { AnalyzerService } = require("@pulumi/pulumi/proto/analyzer_grpc_pb");
  const { requestDeserialize } = AnalyzerService[method];
  AnalyzerService[method].requestDeserialize = (bytes: Uint8Array): Message => {
    const message: Message = requestDeserialize(bytes);
    use(message);
    return message;
  };
}
