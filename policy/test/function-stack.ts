import { codeOf, documentOf, type Resource, unknown } from "./support.ts";

/** Stacks of one function for the tests of rules that compare what is granted with what is used. */

export const account = "111122223333";
export const role: Resource = { type: "aws:iam/role:Role", name: "role", props: {} };
export const topic = (name: string): Resource => ({
  type: "aws:sns/topic:Topic",
  name,
  props: { name: `${name}-1a2b` },
});
export const topicArn = (name: string) => `arn:aws:sns:us-east-1:${account}:${name}-1a2b`;

/** Publishes to whatever TOPIC_ARN says. */
export const publishing = `
  import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
  const sns = new SNSClient({});
  export const handler = () =>
    sns.send(new PublishCommand({ TopicArn: process.env.TOPIC_ARN, Message: "hi" }));
`;

/** A function of the role with this code and these properties. */
export function lambda({
  code = publishing,
  props = {},
  dependsOn = {},
}: {
  code?: string;
  props?: Record<string, unknown>;
  dependsOn?: Record<string, readonly Resource[]>;
} = {}): Resource {
  const isPackage = !("packageType" in props);
  return {
    type: "aws:lambda/function:Function",
    name: "worker",
    props: {
      name: "worker",
      role: unknown,
      runtime: "nodejs24.x",
      ...(isPackage && { code: codeOf({ "index.mjs": code }) }),
      ...props,
    },
    dependsOn: { role: [role], ...dependsOn },
  };
}

/** Gives the function its environment, of which these values come from resources. */
export function environment(
  variables: Record<string, unknown>,
  ...sources: Resource[]
): { props: Record<string, unknown>; dependsOn: Record<string, readonly Resource[]> } {
  return { props: { environment: { variables } }, dependsOn: { environment: sources } };
}

export const allow = (Sid: string, Action: unknown, Resource: unknown) => ({
  Sid,
  Effect: "Allow",
  Action,
  Resource,
});

/** The role's policy. What every function writes is in it, unless it is to be left out. */
export function policy(...statements: object[]): Resource {
  return {
    type: "aws:iam/rolePolicy:RolePolicy",
    name: "policy",
    props: { role: unknown, policy: documentOf(...statements) },
    dependsOn: { role: [role] },
  };
}

export const ownLog = allow(
  "Log",
  ["logs:CreateLogStream", "logs:PutLogEvents"],
  `arn:aws:logs:us-east-1:${account}:log-group:/aws/lambda/worker:*`,
);

/** A component with these grants, whose ARNs come from resources, and the role's policy in it. */
export function granted(
  grants: readonly { sid: string; actions: readonly string[]; resources: readonly unknown[] }[],
  dependsOn: Record<string, readonly Resource[]>,
): Resource[] {
  const component: Resource = {
    type: "test:index:Component",
    name: "component",
    props: { grants },
    dependsOn,
  };
  return [
    component,
    {
      type: "aws:iam/rolePolicy:RolePolicy",
      name: "policy",
      parent: component,
      props: { role: unknown, policy: unknown },
      dependsOn: { role: [role], policy: dependsOn.grants ?? [] },
    },
  ];
}
