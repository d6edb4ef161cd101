import {
  DescribeImagesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSubnetsCommand,
  DescribeTagsCommand,
  DescribeVpcsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { DescribeKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { GetEventSourceMappingCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { type AwsTarget, unlessGone } from "../../../sandbox/aws/provider/aws-target.ts";
import type { LookUp } from "./call.ts";

/** Asks the emulator, as root, what AWS's services would know; and what the gateway knows instead of it. */
export function lookUpIn(target: AwsTarget, ofGateway: Pick<LookUp, "instanceTypeOf">): LookUp {
  const ec2 = new EC2Client(target);
  const iam = new IAMClient(target);
  const kms = new KMSClient(target);
  const lambda = new LambdaClient(target);
  return {
    ...ofGateway,
    async tagsOf(id) {
      const Filters = [{ Name: "resource-id", Values: [id] }];
      const { Tags = [] } = await ec2.send(new DescribeTagsCommand({ Filters }));
      return Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value]));
    },
    async vpcOf(subnetId) {
      if (subnetId) {
        const { Subnets } = await ec2.send(new DescribeSubnetsCommand({ SubnetIds: [subnetId] }));
        return Subnets?.[0]?.VpcId ?? "";
      }
      const Filters = [{ Name: "is-default", Values: ["true"] }];
      const { Vpcs } = await ec2.send(new DescribeVpcsCommand({ Filters }));
      return Vpcs?.[0]?.VpcId ?? "";
    },
    async vpcOfInterface(id) {
      const command = new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [id] });
      const found = await unlessGone(ec2.send(command));
      return found?.NetworkInterfaces?.[0]?.VpcId ?? "";
    },
    async imageOwnerOf(id) {
      const { Images } = await ec2.send(new DescribeImagesCommand({ ImageIds: [id] }));
      return Images?.[0]?.ImageOwnerAlias ?? Images?.[0]?.OwnerId ?? "";
    },
    async boundaryOf(RoleName) {
      const found = await unlessGone(iam.send(new GetRoleCommand({ RoleName })));
      return found?.Role?.PermissionsBoundary?.PermissionsBoundaryArn;
    },
    async functionOf(UUID) {
      const found = await unlessGone(lambda.send(new GetEventSourceMappingCommand({ UUID })));
      return found?.FunctionArn;
    },
    async keyOf(KeyId) {
      const found = await unlessGone(kms.send(new DescribeKeyCommand({ KeyId })));
      return found?.KeyMetadata?.Arn ?? KeyId;
    },
  };
}
