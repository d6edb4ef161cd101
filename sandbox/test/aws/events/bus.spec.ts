import { expect } from "chai";
import { DeliveryError } from "../../../aws/events/attempt.ts";
import { EventBuses, type Invocation, type Rule, type Target } from "../../../aws/events/bus.ts";
import { VirtualClock } from "../../../clock.ts";

const bus = "arn:aws:events:us-east-1:000000000000:event-bus/events";
const topic = "arn:aws:sns:us-east-1:000000000000:chat";
const queue = "arn:aws:sqs:us-east-1:000000000000:lost";
const pager = "arn:aws:events:us-east-1:000000000000:api-destination/pager/1";
const entry = {
  Source: "reboot-automation",
  DetailType: "Reboot Failed",
  Detail: '{"id":"a/1"}',
  Time: "2026-01-31T11:59:59.123Z",
};

describe("EventBuses", () => {
  let clock: VirtualClock;
  let rules: Rule[];
  let invocations: Invocation[];
  let letters: { queueArn: string; rule: string; body: string; attributes: object }[];
  let errors: Map<string, DeliveryError>;
  let buses: EventBuses;
  beforeEach(() => {
    clock = new VirtualClock(Date.UTC(2026, 0, 31, 12));
    rules = [];
    invocations = [];
    letters = [];
    errors = new Map();
    buses = new EventBuses({
      clock,
      rulesOf: async (busArn) => (busArn === bus ? rules : undefined),
      async invoke(invocation) {
        invocations.push(invocation);
        const error = errors.get(invocation.target.Arn);
        if (error) throw error;
      },
      async deadLetter(queueArn, { Arn: rule }, letter) {
        const error = errors.get(queueArn);
        if (error) throw error;
        letters.push({ queueArn, rule, ...letter });
      },
    });
  });

  const rule = (name: string, targets: readonly Target[], changes: Partial<Rule> = {}): Rule => ({
    Arn: `arn:aws:events:us-east-1:000000000000:rule/events/${name}`,
    EventPattern: '{"source":["reboot-automation"]}',
    State: "ENABLED",
    targets,
    ...changes,
  });

  const fails = (arn: string, code: string, isRetriable: boolean) =>
    errors.set(arn, new DeliveryError(code, "no", { isRetriable }));

  /** Runs once a second. */
  async function runSeconds(count: number): Promise<void> {
    for (let second = 0; second < count; second++) {
      await buses.run();
      clock.advance(1 / 60);
    }
  }

  it("delivers an event to all targets of the rules that match", async () => {
    rules = [
      rule("chat", [{ Id: "1", Arn: topic }]),
      rule("pager", [{ Id: "1", Arn: pager }], { EventPattern: '{"detail-type":["Other"]}' }),
      rule("off", [{ Id: "1", Arn: queue }], { State: "DISABLED" }),
    ];

    const id = await buses.put(bus, entry);
    await buses.run();

    expect(invocations).to.have.length(1);
    expect(JSON.parse(invocations[0]?.body ?? "")).to.deep.equal({
      version: "0",
      id,
      "detail-type": "Reboot Failed",
      source: "reboot-automation",
      account: "000000000000",
      time: "2026-01-31T11:59:59Z",
      region: "us-east-1",
      resources: [],
      detail: { id: "a/1" },
    });
    expect(buses.deliveries).to.deep.equal([
      {
        eventId: id,
        detailType: "Reboot Failed",
        targetArn: topic,
        attempts: 1,
        end: "delivered",
      },
    ]);
  });

  it("fills the target's template", async () => {
    const InputTransformer = {
      InputPathsMap: { id: "$.detail.id", type: "$.detail-type" },
      InputTemplate: '{"id":<id>,"type":<type>}',
    };
    rules = [rule("chat", [{ Id: "1", Arn: topic, InputTransformer }])];

    await buses.put(bus, entry);
    await buses.run();

    expect(invocations[0]?.body).to.equal('{"id":"a/1","type":"Reboot Failed"}');
  });

  it("retries with growing delays, without delaying other targets", async () => {
    rules = [
      rule("both", [
        { Id: "1", Arn: pager },
        { Id: "2", Arn: topic },
      ]),
    ];
    fails(pager, "TIMEOUT", true);

    await buses.put(bus, entry);
    await runSeconds(8);

    const at = (arn: string) => invocations.filter(({ target }) => target.Arn === arn).length;
    // After 0, 1, 3 and 7 seconds.
    expect(at(pager)).to.equal(4);
    expect(at(topic)).to.equal(1);
    errors.clear();
    await runSeconds(10);
    expect(buses.deliveries.map(({ end, attempts }) => [end, attempts])).to.deep.equal([
      ["delivered", 1],
      ["delivered", 5],
    ]);
  });

  for (const [what, RetryPolicy, attempts, exhausted] of [
    ["attempts", { MaximumRetryAttempts: 2 }, 3, "MaximumRetryAttempts"],
    // After 0, 1, 3, 7, 15 and 31 seconds.
    ["age", { MaximumEventAgeInSeconds: 60 }, 6, "MaximumEventAgeInSeconds"],
  ] as const) {
    it(`puts an event into the dead-letter queue when its ${what} are exhausted`, async () => {
      const target = { Id: "1", Arn: pager, RetryPolicy, DeadLetterConfig: { Arn: queue } };
      rules = [rule("pager", [target])];
      fails(pager, "TIMEOUT", true);

      const id = await buses.put(bus, entry);
      await runSeconds(70);

      expect(invocations).to.have.length(attempts);
      expect(JSON.parse(letters[0]?.body ?? "").id).to.equal(id);
      expect(letters.map(({ queueArn, attributes }) => ({ queueArn, attributes }))).to.deep.equal([
        {
          queueArn: queue,
          attributes: {
            RULE_ARN: "arn:aws:events:us-east-1:000000000000:rule/events/pager",
            TARGET_ARN: pager,
            ERROR_CODE: "TIMEOUT",
            ERROR_MESSAGE: "no",
            RETRY_ATTEMPTS: String(attempts - 1),
            EXHAUSTED_RETRY_CONDITION: exhausted,
          },
        },
      ]);
      expect(buses.pendingCount).to.equal(0);
    });
  }

  for (const code of ["NO_PERMISSIONS", "NO_RESOURCE", "SDK_CLIENT_ERROR"]) {
    it(`does not retry ${code}`, async () => {
      rules = [rule("pager", [{ Id: "1", Arn: pager, DeadLetterConfig: { Arn: queue } }])];
      fails(pager, code, false);

      await buses.put(bus, entry);
      await runSeconds(10);

      expect(invocations).to.have.length(1);
      expect(letters).to.have.length(1);
      expect(letters[0]?.attributes).to.not.have.property("EXHAUSTED_RETRY_CONDITION");
      expect(buses.deliveries[0]).to.include({ end: "dead-lettered", error: code });
    });
  }

  it("does not deliver what the template makes invalid", async () => {
    const InputTransformer = { InputPathsMap: { a: "$.detail.a" }, InputTemplate: '{"a":<a>}' };
    const target = { Id: "1", Arn: topic, InputTransformer, DeadLetterConfig: { Arn: queue } };
    rules = [rule("chat", [target])];

    await buses.put(bus, entry);
    await buses.run();

    expect(invocations).to.deep.equal([]);
    expect(letters[0]?.attributes).to.include({ ERROR_CODE: "INVALID_JSON" });
  });

  it("loses an event without a dead-letter queue, or if the queue refuses it", async () => {
    rules = [
      rule("none", [{ Id: "1", Arn: pager }]),
      rule("refused", [{ Id: "1", Arn: pager, DeadLetterConfig: { Arn: queue } }]),
    ];
    fails(pager, "NO_PERMISSIONS", false);
    fails(queue, "NO_PERMISSIONS", false);

    await buses.put(bus, entry);
    await buses.run();

    expect(buses.deliveries.map(({ end }) => end)).to.deep.equal(["lost", "lost"]);
  });

  for (const [what, changes, code] of [
    ["no source", { Source: "" }, "InvalidArgument"],
    ["no type", { DetailType: "" }, "InvalidArgument"],
    ["no detail", { Detail: "" }, "InvalidArgument"],
    ["a source of AWS", { Source: "aws.ec2" }, "NotAuthorizedForSourceException"],
    ["an invalid time", { Time: "yesterday" }, "InvalidArgument"],
    ["a detail that is no JSON", { Detail: "{" }, "MalformedDetail"],
    ["a detail that is a list", { Detail: "[]" }, "MalformedDetail"],
    ["256 KiB", { Detail: `{"a":"${"x".repeat(256 * 1_024)}"}` }, "InvalidArgument"],
  ] as const) {
    it(`refuses an event with ${what}`, async () => {
      const result = await buses.put(bus, { ...entry, ...changes });

      expect(result).to.be.instanceOf(DeliveryError);
      expect(result).to.include({ code });
    });
  }

  it("refuses an event for a bus that does not exist", async () => {
    expect(await buses.put(`${bus}2`, entry)).to.include({ code: "ResourceNotFoundException" });
  });
});
