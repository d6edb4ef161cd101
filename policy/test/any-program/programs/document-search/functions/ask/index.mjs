import { AthenaClient, StartQueryExecutionCommand } from "@aws-sdk/client-athena";
import { BedrockRuntimeClient, InvokeModelCommand } from "@aws-sdk/client-bedrock-runtime";

const bedrock = new BedrockRuntimeClient({});
const athena = new AthenaClient({});

// Responds to a question, and starts the report of who asked.
export const handler = async ({ question }) => {
  const { body } = await bedrock.send(
    new InvokeModelCommand({
      modelId: process.env.MODEL_ID,
      contentType: "application/json",
      body: JSON.stringify({ messages: [{ role: "user", content: question }] }),
    }),
  );
  await athena.send(
    new StartQueryExecutionCommand({
      WorkGroup: process.env.WORK_GROUP,
      QueryString: "SELECT * FROM questions",
    }),
  );
  return JSON.parse(new TextDecoder().decode(body));
};
