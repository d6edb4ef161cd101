import { expect } from "chai";
import { findings, isNotApplicable, type Resource, stackFindings, unknown } from "./support.ts";

const slack = "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration";
const teams = "aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration";
const managed = (name: string) => `arn:aws:iam::aws:policy/${name}`;
const own = "arn:aws:iam::111122223333:policy/commands";
const channel = (props: Record<string, unknown>, type = slack): Resource => ({ type, props });
const guardedBy = (...guardrailPolicyArns: unknown[]) => channel({ guardrailPolicyArns });
const fix =
  "List a policy that allows only what the channel runs, or arn:aws:iam::aws:policy/AWSDenyAll if it only receives notifications.";

const policy = (...statements: object[]): Resource => ({
  type: "aws:iam/policy:Policy",
  name: "commands",
  props: { arn: own, policy: JSON.stringify({ Version: "2012-10-17", Statement: statements }) },
});

/** The findings on a channel with a policy of the stack: as in the first preview, and as after a deployment. */
async function findingsWith(...statements: object[]): Promise<string[]> {
  const commands = policy(...statements);
  const dependsOn = { guardrailPolicyArns: [commands] };
  const before = { ...guardedBy(unknown), dependsOn };
  const after = { ...guardedBy(own), dependsOn };
  const first = await stackFindings("chat-guardrail", [
    { ...commands, props: { ...commands.props, arn: unknown } },
    before,
  ]);
  expect(await stackFindings("chat-guardrail", [commands, after])).to.deep.equal(first);
  return first;
}

describe("chat-guardrail", () => {
  for (const type of [slack, teams]) {
    for (const [what, props] of [
      ["no list", {}],
      ["null", { guardrailPolicyArns: null }],
      ["an empty list", { guardrailPolicyArns: [] }],
      ["a list of an empty string", { guardrailPolicyArns: [""] }],
    ] as const) {
      it(`reports ${type.split(":")[2]} with ${what}, for which AWS uses AdministratorAccess`, async () => {
        expect(await findings("chat-guardrail", channel(props, type))).to.deep.equal([
          `it: guardrailPolicyArns: it is not set, so AWS uses AdministratorAccess. ${fix}`,
        ]);
      });
    }
  }

  for (const name of [
    "AdministratorAccess",
    "AdministratorAccess-Amplify",
    "PowerUserAccess",
    "IAMFullAccess",
    "AmazonEC2FullAccess",
  ]) {
    it(`reports ${name}`, async () => {
      expect(await findings("chat-guardrail", guardedBy(managed(name)))).to.deep.equal([
        `it: guardrailPolicyArns ${managed(name)}: it allows full access. ${fix}`,
      ]);
    });
  }

  it("reports a wide policy beside a narrow one, in any partition", async () => {
    const wide = "arn:aws-us-gov:iam::aws:policy/AdministratorAccess";

    expect(
      await findings("chat-guardrail", guardedBy(managed("ReadOnlyAccess"), wide)),
    ).to.have.length(1);
  });

  for (const [what, arns] of [
    ["AWSDenyAll", [managed("AWSDenyAll")]],
    [
      "AWSDenyAll beside a wide policy, which it overrides",
      [managed("AWSDenyAll"), managed("AdministratorAccess")],
    ],
    ["a policy that only reads", [managed("ReadOnlyAccess")]],
    ["a policy of another stack", [own]],
    ["an ARN that is not known yet", [unknown]],
  ] as const) {
    it(`allows ${what} before the resource is created`, async () => {
      expect(await findings("chat-guardrail", guardedBy(...arns))).to.deep.equal([]);
    });
  }

  it("does not apply to other resources", async () => {
    expect(await isNotApplicable("chat-guardrail", { type: "x:y:Z", props: {} })).to.equal(true);
  });

  describe("with a policy of the stack", () => {
    const everything = { Effect: "Allow", Action: "*", Resource: "*" };

    it("allows commands on listed resources", async () => {
      const Resource = "arn:aws:lambda:us-east-1:111122223333:function:status";

      expect(
        await findingsWith({ Effect: "Allow", Action: "lambda:InvokeFunction", Resource }),
      ).to.deep.equal([]);
    });

    for (const [statement, name] of [
      [everything, "number 1"],
      [{ ...everything, Sid: "Open", Action: ["s3:GetObject", "*:*"] }, "Open"],
      [{ Effect: "Allow", NotAction: "iam:*", Resource: "*" }, "number 1"],
    ] as const) {
      it(`reports ${JSON.stringify(statement)}`, async () => {
        expect(await findingsWith(statement)).to.deep.equal([
          `it: guardrailPolicyArns aws:iam/policy:Policy commands: statement ${name} allows every action, or all but a few. ${fix}`,
        ]);
      });
    }

    for (const [Action, action, gain] of [
      ["iam:PutRolePolicy", "iam:PutRolePolicy", "give itself any permission"],
      ["iam:*", "iam:CreatePolicyVersion", "give itself any permission"],
      ["iam:CreateAccessKey", "iam:CreateAccessKey", "act as another user"],
    ]) {
      it(`reports ${Action} on everything`, async () => {
        expect(await findingsWith({ Effect: "Allow", Action, Resource: "*" })).to.deep.equal([
          `it: guardrailPolicyArns aws:iam/policy:Policy commands: it allows ${action}, with which a member can ${gain}. ${fix}`,
        ]);
      });
    }

    it("allows what a Deny forbids", async () => {
      const iam = { Effect: "Allow", Action: "iam:Put*", Resource: "*" };

      expect(
        await findingsWith(iam, { Effect: "Deny", Action: "iam:*", Resource: "*" }),
      ).to.deep.equal([]);
      expect(
        await findingsWith(everything, { Effect: "Deny", Action: "*", Resource: "*" }),
      ).to.deep.equal([]);
    });

    it("reports an ARN that could be a policy of AWS", async () => {
      const other = { type: "pulumi:pulumi:StackReference", name: "org/shared", props: {} };
      const dependsOn = { guardrailPolicyArns: [other] };

      expect(
        await stackFindings("chat-guardrail", [other, { ...guardedBy(unknown), dependsOn }]),
      ).to.deep.equal([
        "it: guardrailPolicyArns: it is not known before deployment (it depends on pulumi:pulumi:StackReference org/shared), so it could be AdministratorAccess. List a policy of this stack, or write the ARN as a literal string.",
      ]);
    });

    it("reports nothing more if the program does not set it: AWS fills it in", async () => {
      const filledIn = channel({ guardrailPolicyArns: unknown });

      expect(await stackFindings("chat-guardrail", [filledIn])).to.deep.equal([]);
    });

    it("leaves a document that is not known yet to unknown-document", async () => {
      const commands = { ...policy(), props: { arn: unknown, policy: unknown } };
      const it = { ...guardedBy(unknown), dependsOn: { guardrailPolicyArns: [commands] } };

      expect(await stackFindings("chat-guardrail", [commands, it])).to.deep.equal([]);
      expect(await stackFindings("unknown-document", [commands, it])).to.have.length(1);
    });

    it("is not an identity with the permissions of its guardrail", async () => {
      const commands = policy({ Effect: "Allow", Action: "iam:PutRolePolicy", Resource: "*" });
      const it = { ...guardedBy(own), dependsOn: { guardrailPolicyArns: [commands] } };

      expect(await stackFindings("privilege-escalation", [commands])).to.have.length(1);
      expect(await stackFindings("privilege-escalation", [commands, it])).to.deep.equal([]);
    });
  });
});
