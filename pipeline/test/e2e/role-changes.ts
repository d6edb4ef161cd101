import {
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeInstancesCommand,
  EC2Client,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import { expect } from "chai";
import { driftCheck, type Login, type PipelineEnvironment } from "./pipeline-environment.ts";

/** Settings of bootstrap and of the program, as the guide has them changed together. */
export interface Change {
  readonly bootstrap: string;
  readonly program: string;
}

/** Follows pipeline/README.md: bootstrap first, then `up` with this login. Returns what that left. */
export async function follow(
  { pipeline, attempt, run, refused }: PipelineEnvironment,
  { bootstrap, program }: Change,
  login: Login,
) {
  await pipeline.bootstrap(`config ${bootstrap}`);
  await pipeline.bootstrap("up --yes --skip-preview");
  await run(`pulumi config ${program}`, login);
  refused();
  const ended = await attempt("pulumi up --yes --skip-preview", login);
  return { ...ended, refused: refused() };
}

/** Both roles work: nothing is refused, there is nothing to change, and nothing drifts. */
export async function expectRolesToWork({ run, refused, preview, deploy }: PipelineEnvironment) {
  refused();
  await run("pulumi preview", preview);
  await run("pulumi up --yes --skip-preview --expect-no-changes", deploy);
  await run(driftCheck, preview);
  expect(refused()).to.deep.equal([]);
}

/** An instance that exists outside the stack. */
export async function runInstance({ environment }: PipelineEnvironment): Promise<string> {
  const input = { ImageId: "ami-1", MinCount: 1, MaxCount: 1 };
  const { Instances = [] } = await new EC2Client(environment.aws).send(
    new RunInstancesCommand(input),
  );
  return Instances[0]?.InstanceId ?? "";
}

/** Another VPC, with one subnet. */
export async function createVpc({ environment }: PipelineEnvironment) {
  const ec2 = new EC2Client(environment.aws);
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.7.0.0/16" }));
  const vpcId = Vpc?.VpcId ?? "";
  const { Subnet } = await ec2.send(
    new CreateSubnetCommand({ VpcId: vpcId, CidrBlock: "10.7.1.0/24" }),
  );
  return { vpcId, subnetId: Subnet?.SubnetId ?? "" };
}

/** The subnets of the instances that run and have the stack's tags. */
export async function subnetsOfStack({ environment }: PipelineEnvironment): Promise<string[]> {
  const { Reservations = [] } = await new EC2Client(environment.aws).send(
    new DescribeInstancesCommand({}),
  );
  return Reservations.flatMap((it) => it.Instances ?? [])
    .filter(
      ({ State, Tags = [] }) =>
        State?.Name === "running" && Tags.some(({ Key }) => Key === "Project"),
    )
    .map(({ SubnetId = "" }) => SubnetId);
}
