import { expect } from "chai";
import { delayOf, limitDelays } from "../../../aws/middleware/limit-delays.ts";
import type { ApiCall } from "../../../aws/middleware/middleware.ts";
import { apiCall, responseOf } from "../../support.ts";

const message = apiCall({
  service: "sqs",
  target: "AmazonSQS.SendMessage",
  body: '{"MessageBody":"alert-1","DelaySeconds":180}',
});

/** The body that goes on if messages may be delayed by at most `longestSeconds`. */
async function bodyWith(longestSeconds: number, call: ApiCall = message): Promise<string> {
  let body = "";
  await limitDelays(() => longestSeconds)(call, async (forwarded) => {
    body = forwarded.body.toString();
    return responseOf("{}");
  });
  return body;
}

describe("limitDelays", () => {
  it("leaves a delay as requested if no limit is set", async () => {
    expect(await bodyWith(Number.POSITIVE_INFINITY)).to.equal(
      '{"MessageBody":"alert-1","DelaySeconds":180}',
    );
  });

  it("shortens a delay in a body of the same length", async () => {
    expect(await bodyWith(2)).to.equal('{"MessageBody":"alert-1","DelaySeconds":  2}');
  });

  it("never makes a delay longer", async () => {
    expect(await bodyWith(900)).to.equal('{"MessageBody":"alert-1","DelaySeconds":180}');
  });

  it("changes no other call", async () => {
    const other = apiCall({
      service: "sqs",
      target: "AmazonSQS.ReceiveMessage",
      body: '{"DelaySeconds":180}',
    });

    expect(await bodyWith(2, other)).to.equal('{"DelaySeconds":180}');
  });
});

describe("delayOf", () => {
  it("is the requested delay of a message", () => {
    expect(delayOf(message)).to.equal(180);
  });

  it("is undefined for a message without one", () => {
    const call = apiCall({ service: "sqs", target: "AmazonSQS.SendMessage", body: "{}" });

    expect(delayOf(call)).to.equal(undefined);
  });
});
