import { expect } from "chai";
import { readDocument, type Statement } from "../../../policy/iam/document.ts";
import { evaluate } from "../../rehearsal/authorizer/evaluate.ts";
import { largestGroup, runBootstrap, settings } from "./run-bootstrap.ts";

const ids = ["i-0123456789abcdef0", "i-0123456789abcdef1"];
const group = { instanceIds: ids.join(", "), evidence: "true" };
const inFunction = {
  "lambda:sourcefunctionarn": "arn:aws-us-gov:lambda:ap-northeast-3:123456789012:function:Reboot",
};

/** The text of each policy of bootstrap with these settings, by the policy's logical name. */
async function policiesWith(changes: Readonly<Record<string, string>>) {
  const registered = await runBootstrap({ ...settings, ...changes });
  return new Map<string, string>(
    registered
      .filter(({ type }) => /:(Policy|RolePolicy)$/.test(type))
      .map(({ name, inputs }) => [name, inputs.policy]),
  );
}

async function statementsIn(
  policy: string,
  changes: Readonly<Record<string, string>>,
): Promise<readonly Statement[]> {
  const text = (await policiesWith(changes)).get(policy);
  const document = readDocument(() => text);
  if (document.kind !== "statements") throw new Error(`${policy} is ${document.kind}`);
  return document.statements;
}

/** A call on an instance with the key that EC2 then gives. */
const on = (action: string, id: string) => ({
  action,
  resource: `arn:aws-us-gov:ec2:ap-northeast-3:123456789012:instance/${id}`,
  keys: { ...inFunction, "ec2:instanceid": id },
});

describe("bootstrap for a group of instances", () => {
  for (const action of [
    "ec2:RebootInstances",
    "ec2:GetConsoleOutput",
    "ec2:GetConsoleScreenshot",
  ]) {
    it(`lets the function's role have ${action} on the group's instances alone`, async () => {
      const statements = await statementsIn("boundary", group);
      const isAllowed = (call: Parameters<typeof evaluate>[0]) =>
        evaluate(call, { statements }).isAllowed;

      expect(ids.map((id) => isAllowed(on(action, id)))).to.deep.equal([true, true]);
      expect(isAllowed(on(action, "i-0123456789abcdef2"))).to.equal(false);
      expect(isAllowed({ ...on(action, ids[0] ?? ""), keys: inFunction })).to.equal(false);
      const { "ec2:instanceid": id } = on(action, ids[0] ?? "").keys;
      expect(isAllowed({ ...on(action, id), keys: { "ec2:instanceid": id } })).to.equal(false);
    });
  }

  it("lets the function's role reboot each of 50 instances", async () => {
    const statements = await statementsIn("boundary", largestGroup);
    const all = largestGroup.instanceIds.split(", ");

    const refused = all.filter(
      (id) => !evaluate(on("ec2:RebootInstances", id), { statements }).isAllowed,
    );

    expect(all).to.have.length(50);
    expect(refused).to.deep.equal([]);
  });

  it("lets the function's role check targets only with targetGroup, and only in the function", async () => {
    const call = {
      action: "elasticloadbalancing:DescribeTargetHealth",
      resource: "*",
      keys: inFunction,
    };
    const isAllowed = async (targetGroup: string, keys: object = inFunction) => {
      const statements = await statementsIn("boundary", { ...group, targetGroup });
      return evaluate({ ...call, keys: { ...keys } }, { statements }).isAllowed;
    };

    expect(await isAllowed("true")).to.equal(true);
    expect(await isAllowed("false")).to.equal(false);
    expect(await isAllowed("true", {})).to.equal(false);
  });

  it("gives the roles the alarm of a shared cause, and nothing on an instance", async () => {
    const policies = await policiesWith(group);
    const alarm =
      "arn:aws-us-gov:cloudwatch:ap-northeast-3:123456789012:alarm:reboot-automation-dev-alarms-shared-cause-???????";

    expect(policies.get("read")).to.include(alarm);
    expect(policies.get("deploy-policy")).to.include(alarm);
    const others = [...policies].filter(([name]) => name !== "boundary");
    expect(others.filter(([, text]) => text.includes(":instance/"))).to.deep.equal([]);
    expect(policies.has("server")).to.equal(false);
  });

  it("does not change the policies of one instance", async () => {
    const one = await policiesWith({ instanceId: ids[0] ?? "", evidence: "true" });
    const text = [...one.values()].join();

    expect(text).not.to.include("shared-cause");
    expect(text).not.to.include("ec2:InstanceID");
    expect(text).not.to.include("elasticloadbalancing");
  });
});
