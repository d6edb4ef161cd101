import type { TargetHealthDescription } from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect } from "chai";
import { loadProgram } from "../../../sandbox/engine/program.ts";
import { awsError, failing } from "../support.ts";

const { whyTargetsForbid } = loadProgram<typeof import("../../../handler/group/targets.ts")>(
  "handler/group/targets.ts",
);

const target = (Id: string, State: string, Port = 80) =>
  ({ Target: { Id, Port }, TargetHealth: { State } }) as TargetHealthDescription;

const own = target("i-a", "unhealthy");

function whyForbidden(
  TargetHealthDescriptions?: TargetHealthDescription[],
  minHealthyPercent = 75,
  leasedIds: readonly string[] = [],
) {
  const calls: unknown[] = [];
  const problem = whyTargetsForbid("i-a", leasedIds, {
    targetGroupArn: "arn:targets",
    minHealthyPercent,
    describe: async (input, limitMs) => {
      calls.push(input, limitMs);
      return { $metadata: {}, ...(TargetHealthDescriptions && { TargetHealthDescriptions }) };
    },
  });
  return { calls, problem };
}

describe("a target group", () => {
  it("is asked for the health of all its targets, for three seconds at most", async () => {
    const { calls, problem } = whyForbidden([own, target("i-b", "healthy")]);

    expect(await problem).to.equal(undefined);
    expect(calls).to.deep.equal([{ TargetGroupArn: "arn:targets" }, 3_000]);
  });

  const others: [string, TargetHealthDescription[], string | undefined][] = [
    [
      "3 of 4 others are healthy",
      ["healthy", "healthy", "healthy", "draining"].map((it, at) => target(`i-${at}`, it)),
      undefined,
    ],
    [
      "2 of 3 others are healthy",
      ["healthy", "healthy", "unhealthy"].map((it, at) => target(`i-${at}`, it)),
      "2 of 3 other targets are healthy; at least 75 % must be",
    ],
    [
      "another one is unhealthy on one of its ports",
      [target("i-b", "healthy", 80), target("i-b", "unhealthy", 81)],
      "0 of 1 other targets are healthy; at least 75 % must be",
    ],
    [
      "another one is healthy on the last of its ports only",
      [target("i-b", "unhealthy", 80), target("i-b", "healthy", 81)],
      "0 of 1 other targets are healthy; at least 75 % must be",
    ],
    ["there is no other one", [], "0 of 0 other targets are healthy; at least 75 % must be"],
    [
      "the health of another one is not described",
      [{ Target: { Id: "i-b" } }],
      "0 of 1 other targets are healthy; at least 75 % must be",
    ],
    [
      "another one has a state that does not exist today",
      [target("i-b", "superb")],
      "0 of 1 other targets are healthy; at least 75 % must be",
    ],
  ];
  for (const [what, targets, problem] of others) {
    it(`${problem ? "forbids" : "permits"} a reboot if ${what}`, async () => {
      expect(await whyForbidden([own, ...targets]).problem).to.equal(problem);
    });
  }

  it("forbids a reboot if it does not have the instance, or has no targets", async () => {
    const unknown =
      "the target group does not have the instance, so the health of the others is unknown";

    for (const targets of [undefined, [], [target("i-b", "healthy")], [{}]]) {
      expect(await whyForbidden(targets).problem).to.equal(unknown);
    }
  });

  it("counts an instance with two ports once, whatever its own health is", async () => {
    const targets = [own, target("i-a", "healthy", 81), target("i-b", "healthy")];

    expect(await whyForbidden(targets, 100).problem).to.equal(undefined);
  });

  it("does not count a target with a lease as healthy: the load balancer may not have noticed its reboot", async () => {
    const targets = [own, target("i-b", "healthy"), target("i-c", "healthy")];

    expect(await whyForbidden(targets, 75, ["i-a", "i-c"]).problem).to.equal(
      "1 of 2 other targets are healthy; at least 75 % must be",
    );
  });

  it("forbids a reboot if it does not respond", async () => {
    const problem = await whyTargetsForbid("i-a", [], {
      targetGroupArn: "arn:targets",
      minHealthyPercent: 1,
      describe: failing(awsError("TargetGroupNotFoundException", 400)),
    });

    expect(problem).to.equal(
      "the health of the other targets is unknown: TargetGroupNotFoundException: TargetGroupNotFoundException happened",
    );
  });
});
