/**
 * The ARNs that AWS's examples use for what belongs to the user who calls: the user itself and its MFA
 * devices.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_my-sec-creds-self-manage.html
 */
const ofCaller =
  /^arn:[^:]*:iam::[^:]*:(user\/([^/:]+\/)*\$\{aws:username\}|(sms-)?mfa\/\$\{aws:username\}|u2f\/user\/\$\{aws:username\}(\/.*)?)$/i;

/** True for an ARN that matches only what belongs to the user who calls. */
export function isOfCaller(arn: string): boolean {
  return ofCaller.test(arn);
}
