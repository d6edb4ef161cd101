import { expect } from "chai";
import { checkEventRules } from "../../../aws/services/event-rules.ts";
import { apiCall, responseOf, startFakeEmulator } from "../../support.ts";

const target = { Id: "chat", Arn: "arn:aws:sns:us-east-1:000000000000:chat" };
const transformer = (InputTemplate: string, path = "$.detail.id") => ({
  ...target,
  InputTransformer: { InputPathsMap: { id: path }, InputTemplate },
});

describe("rules of event buses", () => {
  let emulator: Awaited<ReturnType<typeof startFakeEmulator>>;
  before(async () => {
    emulator = await startFakeEmulator(({ headers }) => ({
      headers: { "content-type": "application/x-amz-json-1.1" },
      body: String(headers["x-amz-target"]).endsWith("ListRules")
        ? '{"Rules":[{"Name":"chat"}]}'
        : `{"Targets":[${JSON.stringify(target)}]}`,
    }));
  });
  after(() => emulator.stop());

  /** AWS's refusal of a call; "forwarded" if there is none. */
  async function refusal(operation: string, input: object): Promise<string> {
    const request = { service: "events", target: `AWSEvents.${operation}` };
    const call = apiCall({ ...request, body: JSON.stringify(input) });
    const response = await checkEventRules(emulator.target)(call, async () =>
      responseOf('{"message":"forwarded"}'),
    );
    return JSON.parse(response.body.toString()).message;
  }
  const putTarget = (it: object) => refusal("PutTargets", { Rule: "chat", Targets: [it] });

  it("are forwarded if AWS accepts them", async () => {
    const pattern = { EventPattern: '{"source":["reboot-automation"]}' };

    expect(await refusal("CreateEventBus", { Name: "events" })).to.equal("forwarded");
    expect(await refusal("PutRule", { Name: "chat", ...pattern })).to.equal("forwarded");
    expect(await putTarget(transformer('{"id":<id>,"list":[<id>]}'))).to.equal("forwarded");
  });

  it("and their buses cannot be deleted before what they have", async () => {
    expect(await refusal("DeleteRule", { Name: "chat", EventBusName: "events" })).to.equal(
      "Rule can't be deleted since it has targets.",
    );
    expect(await refusal("DeleteEventBus", { Name: "events" })).to.equal(
      "Event bus events can't be deleted since it has rules.",
    );
  });

  for (const [what, it_, message] of [
    ["a template that is no JSON", transformer("{<id>}"), /^Invalid InputTemplate: it is not JSON/],
    ["an unknown placeholder", transformer('{"id":<ID>}'), /the placeholder ID is not in/],
    ["a path that is none", transformer("<id>", "detail.id"), /detail\.id is not a JSON path$/],
    [
      "retries for 59 seconds",
      { ...target, RetryPolicy: { MaximumEventAgeInSeconds: 59 } },
      /greater than or equal to 60$/,
    ],
    [
      "186 retries",
      { ...target, RetryPolicy: { MaximumRetryAttempts: 186 } },
      /less than or equal to 185$/,
    ],
    [
      "a FIFO queue for lost events",
      { ...target, DeadLetterConfig: { Arn: "arn:aws:sqs:us-east-1:000000000000:q.fifo" } },
      /is not a standard queue\.$/,
    ],
    [
      "an API destination without a role",
      { Id: "a", Arn: "arn:aws:events:us-east-1:000000000000:api-destination/a/1" },
      /^RoleArn is required/,
    ],
  ] as const) {
    it(`are refused with ${what}`, async () => {
      expect(await putTarget(it_)).to.match(message);
    });
  }

  it("are refused without a pattern, and with one that is none", async () => {
    expect(await refusal("PutRule", { Name: "chat" })).to.match(/must be specified$/);
    expect(await refusal("PutRule", { Name: "chat", EventPattern: '{"a":1}' })).to.match(
      /^Event pattern is not valid/,
    );
  });
});
