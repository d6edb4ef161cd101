import { createRequire } from "node:module";
import { expect } from "chai";
import { loadProgram } from "../../sandbox/engine/program.ts";
import { analyzerRequests } from "../analyzer-requests.ts";

const require = createRequire(import.meta.url);
const { addReferencesTo } = loadProgram<typeof import("../stack-references.ts")>(
  "policy/stack-references.ts",
);

const platform = "urn:pulumi:dev::shop::pulumi:pulumi:StackReference::organization/platform/dev";
const bucket = "urn:pulumi:dev::shop::aws:s3/bucket:Bucket::elsewhere";

interface Sent {
  getResourcesList(): { getUrn(): string; getType(): string; getName(): string }[];
}

/** The resources of a stack with a policy that depends on these, with those that are added. */
function sentWith(dependencies: readonly string[], ...more: readonly string[]): string[][] {
  const policy = {
    type: "aws:iam/rolePolicy:RolePolicy",
    name: "policy",
    urn: "urn:pulumi:dev::shop::aws:iam/rolePolicy:RolePolicy::policy",
    props: {},
    dependsOn: { policy: dependencies, role: dependencies },
  };
  const others = more.map((urn) => ({ type: "some:index:Type", name: "other", urn, props: {} }));
  const request = analyzerRequests({
    analyzer: require("@pulumi/pulumi/proto/analyzer_pb"),
    struct: require("google-protobuf/google/protobuf/struct_pb"),
  }).analyzeStack([policy, ...others]) as Sent;
  addReferencesTo(request as unknown as Parameters<typeof addReferencesTo>[0]);
  return request
    .getResourcesList()
    .slice(1)
    .map((it) => [it.getType(), it.getName(), it.getUrn()]);
}

describe("references to other stacks", () => {
  it("are resources of the stack, once, if something depends on them", () => {
    expect(sentWith([platform])).to.deep.equal([
      ["pulumi:pulumi:StackReference", "organization/platform/dev", platform],
    ]);
  });

  it("are not added if the engine sends them", () => {
    expect(sentWith([platform], platform)).to.have.length(1);
  });

  it("are the only resources that are added", () => {
    expect(sentWith([bucket])).to.deep.equal([]);
  });
});
