import { expect } from "chai";
import { iamResources } from "../../../aws/provider/aws-iam.ts";
import type { Values } from "../../../engine/values.ts";
import { startFakeServer, stopAfterEach } from "../../support.ts";

const policies = "aws:iam/rolePoliciesExclusive:RolePoliciesExclusive";
const attachments = "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive";
const administrator = "arn:aws:iam::aws:policy/AdministratorAccess";

describe("iamResources", () => {
  const stoppedLater = stopAfterEach();

  /** A type before a role that has the inline policies first and added, and one that is attached. */
  async function start(token: string) {
    const members: Readonly<Record<string, string>> = {
      ListRolePolicies: "<PolicyNames><member>first</member><member>added</member></PolicyNames>",
      ListAttachedRolePolicies: `<AttachedPolicies><member><PolicyArn>${administrator}</PolicyArn></member></AttachedPolicies>`,
    };
    const emulator = stoppedLater(
      await startFakeServer(({ body }) => {
        const action = new URLSearchParams(body).get("Action") ?? "";
        const result = `<${action}Result>${members[action] ?? ""}</${action}Result>`;
        return { body: `<${action}Response>${result}</${action}Response>` };
      }),
    );
    const type = iamResources({
      endpoint: `http://127.0.0.1:${emulator.port}`,
      region: "us-east-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    })[token];
    if (!type) throw new Error(`there is no type ${token}`);
    const calls = () =>
      emulator.requests.map(({ body }) => {
        const input = new URLSearchParams(body);
        const of = input.get("PolicyName") ?? input.get("PolicyArn") ?? "";
        return `${input.get("Action")} ${of}`.trim();
      });
    return { type, calls };
  }

  const cases: readonly (readonly [string, Values, readonly string[]])[] = [
    [
      policies,
      { roleName: "role", policyNames: ["first"] },
      ["ListRolePolicies", "DeleteRolePolicy added"],
    ],
    [
      attachments,
      { roleName: "role", policyArns: [] },
      ["ListAttachedRolePolicies", `DetachRolePolicy ${administrator}`],
    ],
  ];
  for (const [token, inputs, expected] of cases) {
    it(`removes every other policy when ${token} is created`, async () => {
      const { type, calls } = await start(token);

      expect(await type.create(inputs)).to.deep.equal({ id: "role", outputs: {} });
      expect(calls()).to.deep.equal(expected);
    });

    it(`removes every other policy when ${token} is updated, and nothing when it is deleted`, async () => {
      const { type, calls } = await start(token);

      await type.update?.("role", inputs, inputs);
      await type.delete("role", inputs);

      expect(calls()).to.deep.equal(expected);
    });
  }

  it("does not record a failed update of exclusive policies as done", async () => {
    expect((await start(policies)).type.keepsStateOfFailedUpdate).to.equal(true);
    expect((await start(attachments)).type.keepsStateOfFailedUpdate).to.equal(true);
  });
});
