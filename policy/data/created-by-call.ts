/**
 * Action → resource types that the call creates, or that AWS names after the call, if the action's name
 * does not say so (iam/created.ts reads it from `CreateVolume` and `StartTopicsDetectionJob`). Their ARNs
 * are not known in advance, so AWS's examples use a wildcard there.
 *
 * Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ExamplePolicies_EC2.html; type names
 * as in the Service Authorization Reference.
 * Refresh: add an action when `broad-arn` reports a resource that its call creates.
 */
export const createdByCall: Readonly<Record<string, readonly string[]>> = {
  "ec2:AllocateAddress": ["elastic-ip"],
  "ec2:CreateImage": ["snapshot"],
  "ec2:CreateFleet": ["instance", "network-interface", "volume"],
  "ec2:ImportImage": ["import-image-task", "snapshot"],
  "ec2:ImportSnapshot": ["import-snapshot-task", "snapshot"],
  "ec2:RegisterImage": ["image"],
  "ec2:RequestSpotInstances": ["spot-instances-request"],
  "ec2:RunInstances": ["network-interface", "spot-instances-request", "volume"],
  "iam:CreateVirtualMFADevice": ["mfa"],
  "route53:GetChange": ["change"],
};
