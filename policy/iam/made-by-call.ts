import { ownValue } from "../field.ts";

/**
 * Types of resources that an action makes, or that AWS names after the call: nobody knows their
 * ARNs before, so AWS's own examples have a wildcard there.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ExamplePolicies_EC2.html
 */
const madeBy: Readonly<Record<string, readonly string[]>> = {
  "ec2:AllocateAddress": ["elastic-ip"],
  "ec2:CreateLaunchTemplate": ["launch-template"],
  "ec2:CreateNetworkInterface": ["network-interface"],
  "ec2:CreateSecurityGroup": ["security-group"],
  "ec2:CreateSnapshot": ["snapshot"],
  "ec2:CreateVolume": ["volume"],
  "ec2:RunInstances": ["instance", "network-interface", "volume"],
  "iam:CreateVirtualMFADevice": ["mfa"],
  "route53:GetChange": ["change"],
};

export function isMadeByCall(action: string, resourceType: string): boolean {
  return ownValue(madeBy, action)?.includes(resourceType) ?? false;
}
