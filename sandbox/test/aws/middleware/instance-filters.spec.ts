import { expect } from "chai";
import { instanceFilters } from "../../../aws/middleware/instance-filters.ts";
import { apiCall, responseOf } from "../../support.ts";

/** A reservation as the emulator responds with it. */
const reservation = (id: string) =>
  `<item>\n<reservationId>r-${id}</reservationId>\n<instancesSet><item><instanceId>i-${id}</instanceId></item></instancesSet>\n</item>`;
const before = "<DescribeInstancesResponse><reservationSet>";
const after = "</reservationSet></DescribeInstancesResponse>";
const all = ["0a", "0b", "0c"].map(reservation).join("");

/** The response to DescribeInstances with these filters, and whether the emulator got the call. */
async function describeInstances(
  filters: Readonly<Record<string, readonly string[]>>,
  ofEmulator = responseOf(before + all + after),
) {
  const input = new URLSearchParams({ Action: "DescribeInstances" });
  for (const [index, [name, values]] of Object.entries(filters).entries()) {
    input.set(`Filter.${index + 1}.Name`, name);
    for (const [at, value] of values.entries()) {
      input.set(`Filter.${index + 1}.Value.${at + 1}`, value);
    }
  }
  let isForwarded = false;
  const call = apiCall({ service: "ec2", body: input.toString() });
  const { status, body } = await instanceFilters()(call, async () => {
    isForwarded = true;
    return ofEmulator;
  });
  return { status, body: body.toString(), isForwarded };
}

describe("the filters of DescribeInstances", () => {
  it("leave the instances whose ids are wanted", async () => {
    const states = { "instance-state-name": ["running", "stopped"] };

    for (const [ids, found] of [
      [
        ["i-0a", "i-0c"],
        ["0a", "0c"],
      ],
      [["i-0b"], ["0b"]],
      [["i-0c", "i-0d"], ["0c"]],
      [["i-0d"], []],
    ] as const) {
      const { body } = await describeInstances({ ...states, "instance-id": ids });

      expect(body).to.equal(before + found.map(reservation).join("") + after);
    }
  });

  it("leave every instance without ids", async () => {
    const { body } = await describeInstances({ "tag-key": ["aws:autoscaling:groupName"] });

    expect(body).to.equal(before + all + after);
  });

  it("pass on a refusal", async () => {
    const refused = responseOf("refused", 403);

    const { status, body } = await describeInstances({ "instance-id": ["i-0a"] }, refused);

    expect([status, body]).to.deep.equal([403, "refused"]);
  });

  for (const name of ["vpc-id", "tag", "Instance-Id"]) {
    it(`refuse ${name}, which the emulator would ignore`, async () => {
      const { status, body, isForwarded } = await describeInstances({ [name]: ["x"] });

      expect([status, isForwarded]).to.deep.equal([400, false]);
      expect(body).to.include("<Code>InvalidParameterValue</Code>");
      expect(body).to.include(`The filter '${name}' is invalid`);
    });
  }
});
