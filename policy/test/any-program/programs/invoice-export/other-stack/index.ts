import * as aws from "@pulumi/aws";

const reports = new aws.s3.Bucket("reports", { bucket: "example-reports" });
const key = new aws.kms.Key("reports", { description: "Encrypts the reports" });
const vpc = new aws.ec2.Vpc("main", { cidrBlock: "10.0.0.0/16" });
const subnet = new aws.ec2.Subnet("private-a", { vpcId: vpc.id, cidrBlock: "10.0.1.0/24" });

export const reportsBucket = reports.bucket;
export const reportsBucketArn = reports.arn;
export const keyArn = key.arn;
export const vpcId = vpc.id;
export const privateSubnetIds = [subnet.id];
