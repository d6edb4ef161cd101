import { CreateTagsCommand, EC2Client, StopInstancesCommand } from "@aws-sdk/client-ec2";
import {
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateFunctionCommand, InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { strToU8, zipSync } from "fflate";
import { executionCredentials } from "../../aws/execution-role.ts";
import { ec2Functions } from "../../aws/provider/aws-ec2.ts";
import { runInstances } from "../../scenario/existing-instances.ts";
import { startTestEnvironment, type TestEnvironment } from "../../test-environment.ts";

describe("several instances in the emulator", () => {
  let environment: TestEnvironment;
  let ids: string[];
  before(async () => {
    environment = await startTestEnvironment();
    ids = await runInstances(environment.aws, 4);
  });
  after(() => environment.stop());

  it("are found by their ids, their state and their tags", async () => {
    const ec2 = new EC2Client(environment.aws);
    const [first = "", second = "", third = ""] = ids;
    const Tags = [{ Key: "aws:autoscaling:groupName", Value: "web" }];
    await ec2.send(new CreateTagsCommand({ Resources: [second], Tags }));
    await ec2.send(new StopInstancesCommand({ InstanceIds: [third] }));
    const { "aws:ec2/getInstances:getInstances": getInstances } = ec2Functions(environment.aws);
    const find = async (instanceStateNames: string[], ...filters: [string, ...string[]][]) => {
      const found = await getInstances?.({
        instanceStateNames,
        filters: filters.map(([name, ...values]) => ({ name, values })),
      });
      return found?.ids;
    };
    const all = ["running", "stopped"];
    const byId: [string, ...string[]] = [
      "instance-id",
      first,
      second,
      third,
      "i-00000000000000000",
    ];

    expect(await find(all, byId)).to.have.members([first, second, third]);
    expect(await find([], byId)).to.have.members([first, second]);
    expect(await find(all, byId, ["tag-key", "aws:autoscaling:groupName"])).to.deep.equal([second]);
    expect(await find(all, ["instance-id", "i-00000000000000000"])).to.deep.equal([]);
  });

  const targetGroupArn =
    "arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/web/0123456789abcdef";
  for (const [resource, expected] of [
    ["*", "healthy"],
    // The action has no resource-level permissions.
    [targetGroupArn, "AccessDenied"],
  ] as const) {
    it(`as targets: "${expected}" for a role with the resource ${resource}`, async () => {
      const [id = ""] = ids;
      environment.gateway.services.targetGroups.all.set(targetGroupArn, [{ id, state: "healthy" }]);
      const action = "elasticloadbalancing:DescribeTargetHealth";
      const credentials = await credentialsOfFunction(environment, { action, resource });
      const client = new ElasticLoadBalancingV2Client({ ...environment.aws, credentials });

      const health = await client
        .send(new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }))
        .then(
          ({ TargetHealthDescriptions }) => TargetHealthDescriptions?.[0]?.TargetHealth?.State,
          ({ name }) => name,
        );

      expect(health).to.equal(expected);
    });
  }
});

/** The credentials of a new function whose role allows this. */
async function credentialsOfFunction(
  { aws }: TestEnvironment,
  { action, resource }: { action: string; resource: string },
) {
  const name = `caller-${resource.length}`;
  const iam = new IAMClient(aws);
  const lambda = new LambdaClient(aws);
  const statement = (rest: object) =>
    JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...rest }] });
  const principal = { Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" };
  const { Role: role } = await iam.send(
    new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: statement(principal) }),
  );
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: name,
      PolicyName: "only",
      PolicyDocument: statement({ Action: action, Resource: resource }),
    }),
  );
  const { FunctionArn = "", Role = "" } = await lambda.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Role: role?.Arn,
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Code: { ZipFile: zipSync({ "index.js": strToU8("exports.handler = async () => null;") }) },
    }),
  );
  // The emulator knows the credentials of a function that has run.
  await lambda.send(new InvokeCommand({ FunctionName: name }));
  return executionCredentials(aws.credentials, FunctionArn, Role);
}
