import { expect } from "chai";
import { withoutHiddenTags } from "../../aws/function-tags.ts";

const FunctionArn = "arn:aws:lambda:us-east-1:000000000000:function:reboot";
const answered = { Configuration: { FunctionArn }, Tags: { Owner: "team" } };
const response = { status: 200, headers: {}, body: Buffer.from(JSON.stringify(answered)) };
const request = {
  accessKeyId: "A",
  region: "us-east-1",
  service: "lambda",
  method: "GET",
  path: "/2015-03-31/functions/reboot",
  target: "",
  body: "",
};

describe("withoutHiddenTags", () => {
  it("hides a function's tags from a caller who may not list them", async () => {
    const { body } = await withoutHiddenTags(response, request, async () => false);

    expect(JSON.parse(body.toString())).to.deep.equal({ Configuration: { FunctionArn } });
  });

  it("shows them to a caller who may, on that function", async () => {
    const asked: string[] = [];

    const shown = await withoutHiddenTags(response, request, async ({ action, resource }) => {
      asked.push(`${action} on ${resource}`);
      return true;
    });

    expect(shown).to.equal(response);
    expect(asked).to.deep.equal([`lambda:ListTags on ${FunctionArn}`]);
  });

  for (const other of [
    { path: "/2017-03-31/tags/x" },
    { path: "/2015-03-31/functions/reboot/policy" },
    { service: "sns" },
  ]) {
    it(`leaves the response to ${JSON.stringify(other)} as it is`, async () => {
      const kept = await withoutHiddenTags(response, { ...request, ...other }, async () => false);

      expect(kept).to.equal(response);
    });
  }
});
