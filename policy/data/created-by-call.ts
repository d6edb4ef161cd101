/**
 * Action → resource types that the call creates, or that AWS names after the call. Their ARNs are not
 * known in advance, so AWS's examples use a wildcard there.
 *
 * Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ExamplePolicies_EC2.html; type names
 * as in the Service Authorization Reference.
 * Refresh: add an action when `broad-arn` reports a resource that its call creates.
 */
export const createdByCall: Readonly<Record<string, readonly string[]>> = {
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
