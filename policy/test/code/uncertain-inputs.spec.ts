import { expect } from "chai";
import { callsOfTexts } from "./support.ts";

/** The variables that name the bucket of a handler's call. */
async function variablesOf(handler: string): Promise<readonly string[] | undefined> {
  const { calls } = await callsOfTexts({
    "index.mjs": `
      import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
      const s3 = new S3Client({});
      ${handler}
    `,
  });
  return calls[0]?.variables;
}

describe("the resource of a call whose input has a choice", () => {
  for (const [title, bucket] of [
    ["the event or a variable", "event.bucket ?? process.env.BUCKET"],
    ["the event or a variable, by a condition", "event.bucket ? event.bucket : process.env.BUCKET"],
  ] as const) {
    it(`is not certain if it is ${title}`, async () => {
      const handler = `export const handler = (event) =>
        s3.send(new GetObjectCommand({ Bucket: ${bucket}, Key: "config.json" }));`;

      expect(await variablesOf(handler)).to.deep.equal([]);
    });
  }

  it("is not certain if a variable of the environment is replaced by the event's", async () => {
    const handler = `export const handler = (event) => {
      let bucket = process.env.BUCKET;
      if (event.bucket) bucket = event.bucket;
      return s3.send(new GetObjectCommand({ Bucket: bucket, Key: "config.json" }));
    };`;

    expect(await variablesOf(handler)).to.deep.equal([]);
  });

  it("is certain if the other choice is a literal", async () => {
    const handler = `export const handler = () =>
      s3.send(new GetObjectCommand({ Bucket: process.env.BUCKET ?? "none", Key: "config.json" }));`;

    expect(await variablesOf(handler)).to.deep.equal(["BUCKET"]);
  });

  it("is certain if the environment decides between two variables", async () => {
    const handler = `export const handler = () => {
      const bucket = process.env.STAGE === "test" ? process.env.TEST_BUCKET : process.env.BUCKET;
      return s3.send(new GetObjectCommand({ Bucket: bucket, Key: "config.json" }));
    };`;

    expect(await variablesOf(handler)).to.deep.equal(["BUCKET", "TEST_BUCKET"]);
  });
});
