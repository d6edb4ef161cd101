import { pulumi, type Registered, valueOfOutput } from "../../../sandbox/engine/mocks.ts";
import { reloadProgram } from "../../../sandbox/engine/program.ts";

/** Valid settings of bootstrap, without default tags. */
export const settings = {
  subjectPrefix: "repo:acme@123456/watchdog@456789",
  repositoryId: "456789",
  project: "reboot-automation",
  stack: "dev",
  functionName: "Reboot",
  branch: "main",
  environment: "production",
  instanceType: "t2.micro",
  defaultTags: "false",
  slack: "false",
  teams: "false",
  pager: "false",
  dashboard: "false",
  evidence: "false",
  targetGroup: "false",
};

/** Settings with every option. */
export const everyOption = {
  slack: "true",
  teams: "true",
  pager: "true",
  eventBusArn: "arn:aws-us-gov:events:ap-northeast-3:210987654321:event-bus/central",
  dashboard: "true",
  evidence: "true",
};

/** Settings with a group as large as it can be, and the health of its targets. */
export const largestGroup = {
  instanceIds: Array.from({ length: 50 }, (_, n) => `i-${String(n).padStart(17, "0")}`).join(", "),
  targetGroup: "true",
};

/** Runs bootstrap's program with these settings, and returns what it registered. The account may lack a default VPC. */
export async function runBootstrap(
  settings: Readonly<Record<string, string>>,
  { hasDefaultVpc = true } = {},
): Promise<Registered[]> {
  const project = "reboot-automation-bootstrap";
  const functions: Readonly<Record<string, Record<string, string>>> = {
    "aws:index/getCallerIdentity:getCallerIdentity": { accountId: "123456789012" },
    "aws:index/getRegion:getRegion": { region: "ap-northeast-3" },
    "aws:index/getPartition:getPartition": { partition: "aws-us-gov" },
    ...(hasDefaultVpc && { "aws:ec2/getVpc:getVpc": { id: "vpc-00000000000000000" } }),
  };
  const registered: Registered[] = [];
  const unexpected: string[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource({ type, name, inputs }) {
        registered.push({ type, name, inputs });
        const arn = `arn:aws-us-gov:service:ap-northeast-3:123456789012:${inputs.name ?? name}`;
        return { id: name, state: { arn, keyId: "0".repeat(36), ...inputs } };
      },
      call({ token }) {
        const result = functions[token];
        if (!result) unexpected.push(token);
        return result ?? {};
      },
    },
    project,
    "dev",
    false,
  );
  pulumi.runtime.setAllConfig(
    Object.fromEntries(
      Object.entries(settings).map(([key, value]) => [`${project}:${key}`, value]),
    ),
  );
  for (const output of Object.values(reloadProgram("pipeline/bootstrap/index.ts"))) {
    await valueOfOutput(output as string);
  }
  await pulumi.runtime.disconnect();
  if (unexpected.length > 0) throw new Error(`the program called ${unexpected.join(", ")}`);
  return registered;
}
