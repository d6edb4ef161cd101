import { ExecuteStatementCommand, RDSDataClient } from "@aws-sdk/client-rds-data";
import { DetectDocumentTextCommand, TextractClient } from "@aws-sdk/client-textract";

const textract = new TextractClient({});
const database = new RDSDataClient({});

// Reads an uploaded document, and keeps its text in the database.
export const handler = async (event) => {
  for (const { s3 } of event.Records) {
    const { Blocks = [] } = await textract.send(
      new DetectDocumentTextCommand({
        Document: { S3Object: { Bucket: process.env.BUCKET, Name: s3.object.key } },
      }),
    );
    const text = Blocks.filter((it) => it.BlockType === "LINE")
      .map((it) => it.Text)
      .join("\n");
    await database.send(
      new ExecuteStatementCommand({
        resourceArn: process.env.CLUSTER_ARN,
        secretArn: process.env.SECRET_ARN,
        database: "documents",
        sql: "INSERT INTO documents (key, text) VALUES (:key, :text)",
        parameters: [
          { name: "key", value: { stringValue: s3.object.key } },
          { name: "text", value: { stringValue: text } },
        ],
      }),
    );
  }
};
