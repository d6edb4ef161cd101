import { expect } from "chai";
import { documentOf, type Resource, stackFindings, unknown } from "./support.ts";

const own = "arn:aws:sns:us-east-1:111122223333:alerts";
const other = "arn:aws:sns:us-east-1:444455556666:alerts";
const topic: Resource = {
  type: "aws:sns/topic:Topic",
  name: "topic",
  props: { name: "alerts", arn: own },
};

const permission = (sourceArn: unknown, sources: Resource[] = []): Resource => ({
  type: "aws:lambda/permission:Permission",
  name: "permission",
  props: {
    action: "lambda:InvokeFunction",
    function: "f",
    principal: "sns.amazonaws.com",
    sourceArn,
  },
  dependsOn: { sourceArn: sources },
});
const queue = (arn: unknown, operator = "ArnEquals"): Resource => ({
  type: "aws:sqs/queuePolicy:QueuePolicy",
  name: "queue",
  props: {
    policy: documentOf({
      Sid: "Topic",
      Effect: "Allow",
      Action: "sqs:SendMessage",
      Principal: { Service: "sns.amazonaws.com" },
      Condition: { [operator]: { "aws:SourceArn": arn } },
    }),
  },
});
const found = (resources: Resource[], external: string[] = []) =>
  stackFindings("foreign-permission", resources, { external });

describe("foreign-permission", () => {
  it("names a permission whose source is not in the stack", async () => {
    expect(await found([topic, permission(other)])).to.deep.equal([
      `permission: permission: sourceArn ${other}: its source is not in this stack, so it allows whatever has that ARN now or later. Remove it, or list the source under foreign-permission.external in the pack's configuration.`,
    ]);
  });

  it("names a queue's policy whose source is not in the stack", async () => {
    expect((await found([topic, queue(other)]))[0]).to.match(
      /^queue: policy, statement Topic: aws:SourceArn arn:aws:sns:us-east-1:444455556666:alerts/,
    );
  });

  it("checks the policy that a resource sets, not the one that a refresh has found at the queue", async () => {
    const jobs: Resource = {
      type: "aws:sqs/queue:Queue",
      name: "jobs",
      props: { ...queue(other).props, url: "https://sqs/jobs" },
    };
    const current = { ...queue(own), dependsOn: { queueUrl: [jobs] } };

    expect(await found([topic, jobs])).to.have.length(1);
    expect(await found([topic, jobs, current])).to.deep.equal([]);
  });

  it("allows sources of the stack", async () => {
    expect(await found([topic, permission(own), queue(own), queue([own])])).to.deep.equal([]);
  });

  it("follows an unknown source to where it comes from", async () => {
    const reference: Resource = { type: "pulumi:pulumi:StackReference", name: "x", props: {} };

    expect(await found([topic, permission(unknown, [topic])])).to.deep.equal([]);
    expect(await found([reference, permission(unknown, [reference])])).to.have.length(1);
    expect(await found([permission(unknown)])).to.have.length(1);
  });

  it("lets pass what the configuration lists", async () => {
    expect(await found([permission(other)], [other])).to.deep.equal([]);
  });

  it("has nothing to say of what lets nobody in by a source", async () => {
    const bare: Resource = {
      type: "aws:lambda/permission:Permission",
      name: "bare",
      props: { action: "lambda:InvokeFunctionUrl", function: "f", principal: "*" },
    };

    expect(await found([bare, topic, queue(other, "ArnNotEquals")])).to.deep.equal([]);
  });
});
