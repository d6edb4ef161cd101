/** The folders of programs with one mistake each, and of programs that are a whole stack. */
export const mistakes = "policy/test/fixtures/programs/bad";
export const stacks = "policy/test/fixtures/programs/stacks";

/** The configuration of the pack for a program of one mistake, which is no whole stack. */
export const noStackRules = {
  "foreign-arn": { enforcementLevel: "disabled" },
  "unused-role": { enforcementLevel: "disabled" },
};

/** By program of one mistake: all that its first preview finds, when the ARN of its topic is not known yet. */
export const findingsOfMistakes: Readonly<Record<string, readonly string[]>> = {
  "aws-managed-policy": [
    "role: managedPolicyArns arn:aws:iam::aws:policy/AmazonEC2FullAccess: it allows full access, and AWS adds to it. Allow the actions that the code calls in a policy of the stack.",
  ],
  "broad-arn": [
    "component: grants, statement Tell: Resource arn:aws:sns:us-east-1:111122223333:* with sns:Publish: for sns:Publish it matches every topic. List the intended ones (arn:${Partition}:sns:${Region}:${Account}:${TopicName}).",
  ],
  "callback-function": [
    "handler: policies AWSLambda_FullAccess, AWSXrayWriteOnlyAccess, AmazonCognitoPowerUser, AmazonDynamoDBFullAccess, AmazonKinesisFullAccess, AmazonS3FullAccess, AmazonSQSFullAccess, CloudWatchEventsFullAccess and CloudWatchFullAccessV2: CallbackFunction attaches them if neither role nor policies is set; they allow full access, and AWS adds to them. Set role of the CallbackFunction to a role that allows the actions that the code calls.",
  ],
  "chat-guardrail": [
    "channel: guardrailPolicyArns: it is not set, so AWS uses AdministratorAccess. List a policy that allows only what the channel runs, or arn:aws:iam::aws:policy/AWSDenyAll if it only receives notifications.",
  ],
  "confused-deputy": [
    'role: assumeRolePolicy, statement number 1: Principal Service scheduler.amazonaws.com: the service acts on behalf of any account, and no condition restricts the source (https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html). Add the condition "StringEquals": {"aws:SourceAccount": "ACCOUNT"}, and aws:SourceArn if you know the ARN.',
  ],
  "duplicate-element": [
    "policy: unreadable policy: it has a duplicate element (Principal). Write an IAM policy document.",
  ],
  "encrypted-volume": [
    "instance: rootBlockDevice.encrypted: it is not true, so the disk is not encrypted. Set it to true.",
  ],
  "imds-v2": ['instance: metadataOptions.httpTokens: IMDSv1 is enabled. Set it to "required".'],
  "log-retention": ["log: retentionInDays: the events never expire. Set the number of days."],
  "lookalike-letter": [
    "policy: policy, statement One: Action (redacted #979108d651ae6d099d94): there is no such action. Write iam:CreateAccessKey, or list it under unknown-action.known in the pack's configuration if it is newer than the pack.",
  ],
  "not-action": [
    "policy: policy, statement One: NotAction iam:*: it allows every other action. List each action that is called under Action.",
  ],
  "not-principal": [
    "role: assumeRolePolicy, statement number 1: NotPrincipal arn:aws:iam::111122223333:root: it allows everyone else. List the intended principals under Principal.",
  ],
  "not-resource": [
    "policy: policy, statement One: NotResource arn:aws:sns:us-east-1:111122223333:alerts: it allows every other resource. List the intended ARNs under Resource, built from names that are known before deployment.",
  ],
  "oidc-subject": [
    'role: assumeRolePolicy, statement number 1: Principal Federated token.actions.githubusercontent.com, sub repo:octo/*: it does not specify owner and repository without wildcards. Require the subject, e.g. "StringEquals": {"token.actions.githubusercontent.com:sub": "repo:OWNER/REPOSITORY:ref:refs/heads/main"}.',
  ],
  "open-ssh": [
    "group: ingress[0] from 0.0.0.0/0: anyone can reach port 22. Allow only the network that needs SSH, or use Session Manager.",
  ],
  "output-text": [
    'policy: unreadable policy: it contains "Calling [toString] on an [Output<T>] is not supported", which Pulumi writes for an Output that is used as a string. Use pulumi.interpolate or pulumi.jsonStringify (Python: Output.concat or Output.json_dumps).',
  ],
  "pass-role": [
    'policy: policy, statement One: iam:PassRole with any service: the role can be passed to any service. Add the condition "StringEquals": {"iam:PassedToService": "SERVICE.amazonaws.com"}.',
  ],
  "privilege-escalation": [
    "make: policy, statement One: Resource arn:aws:lambda:us-east-1:111122223333:function:* with lambda:CreateFunction and lambda:InvokeFunction: for lambda:CreateFunction it matches every function. List the intended ones (arn:${Partition}:lambda:${Region}:${Account}:function:${FunctionName}).",
    "pass: policy, statement One: Resource arn:aws:iam::111122223333:role/* with iam:PassRole: for iam:PassRole it matches every role. List the intended ones (arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}).",
    "pass: policy, statement One: iam:PassRole with Resource arn:aws:iam::111122223333:role/*: more than one role can be passed. Specify the ARN of each role that is passed, built from names that are known before deployment.",
    "role: escalation path lambda-001 by iam:PassRole + lambda:CreateFunction + lambda:InvokeFunction: it can act with a role passed to lambda.amazonaws.com. Remove one of these actions, or restrict its resources.",
  ],
  "public-function-url": [
    "url: authorizationType NONE: anyone can call the function. Set authorizationType AWS_IAM, or waive this finding and say what limits the risk.",
  ],
  "public-resource-policy": [
    "permission: permission: Principal * with lambda:InvokeFunction: anyone may use the resource, and no property restricts the caller. Set principal to a service or an account, or set sourceAccount or principalOrgId, or invokedViaFunctionUrl for a function URL.",
  ],
  "resource-type-mismatch": [
    "policy: policy, statement One: Action sns:Publish and Resource arn:aws:sqs:us-east-1:111122223333:checks: it accepts no resource of the statement, so the statement does not allow it at all (Action sns:Publish); no action of the statement accepts a resource of that type (Resource arn:aws:sqs:us-east-1:111122223333:checks). Use a resource of the format arn:${Partition}:sns:${Region}:${Account}:${TopicName}. Remove it, or list the actions that are intended for it.",
  ],
  "secret-value": [
    "component: grants, statement Tell: Action (secret): there is no such action. Write SERVICE:ACTION as in the Service Authorization Reference, or list it under unknown-action.known in the pack's configuration if it is newer than the pack.",
  ],
  "star-action": [
    "component: grants, statement Tell: Action sns:*: it matches 41 actions, of which 24 write: sns:AddPermission, sns:ConfirmSubscription, sns:CreatePlatformApplication and 21 more. List each action that is called.",
  ],
  "star-resource": [
    "component: grants, statement Tell: Resource * with sns:Publish: the action accepts a resource (topic). List the ARNs instead.",
  ],
  "trust-principal": [
    "role: assumeRolePolicy, statement number 1: Principal AWS *: anyone may assume the role. Specify the principal that does.",
    "role: assumeRolePolicy: Principal Service ec2.amazonaws.com and lambda.amazonaws.com: each service would have the permissions that the others need. Create a role for each.",
  ],
  "unknown-action": [
    "component: grants, statement Tell: Action sns:Publsh: there is no such action. Write sns:Publish, or list it under unknown-action.known in the pack's configuration if it is newer than the pack.",
  ],
  "unknown-condition-key": [
    "component: grants, statement Tell: Condition StringEquals sns:Protokol: there is no such key. Use a key of AWS's references.",
  ],
  "unknown-document": [
    "hidden: policy: it is not known before deployment (it depends on aws:sns/topic:Topic topic), so no rule can check it. Build its ARNs from known names, or pass its statements as `grants` to a parent component.",
  ],
  "vacuous-condition": [
    "component: grants, statement Tell: Condition StringLike aws:PrincipalArn: it restricts nothing: * matches every value. Require the intended values, or remove it.",
  ],
};

const missing =
  "role: ec2:RebootInstances on aws:ec2/instance:Instance web: the code of rebooter calls RebootInstancesCommand of @aws-sdk/client-ec2 (index.js:5), and the role does not allow it. Allow it.";
const unusedOn = (arn: string) =>
  `role: statement Reboot: ec2:RebootInstances on ${arn}: rebooter calls it only on aws:ec2/instance:Instance web. Remove it.`;
export const unusedTermination =
  "role: statement Terminate: ec2:TerminateInstances on aws:ec2/instance:Instance web: neither what was read of the code of rebooter nor its configuration uses it. Remove it.";
const foreign = (arn: string, orListed = "") =>
  `role: statement Reboot: Resource ${arn}: it refers to a resource of type instance that is not in this stack. Use a resource of this stack, or list the ARN${orListed} under foreign-arn.external in the pack's configuration.`;

/** By program of a whole stack: all that its first preview finds, when no ARN is known yet. */
export const findingsOfStacks: Readonly<Record<string, readonly string[]>> = {
  "both-instances": [
    "role: statement Another: ec2:RebootInstances on aws:ec2/instance:Instance database: rebooter calls it only on aws:ec2/instance:Instance web. Remove it.",
  ],
  "foreign-permission": [
    "permission: permission: sourceArn arn:aws:sns:us-east-1:111122223333:gone: its source is not in this stack, so it allows whatever has that ARN now or later. Remove it, or list the source under foreign-permission.external in the pack's configuration.",
  ],
  "hard-coded-arn": [
    missing,
    foreign("arn:aws:ec2:us-east-1:111122223333:instance/i-0123456789abcdef0"),
    unusedOn("arn:aws:ec2:us-east-1:111122223333:instance/i-0123456789abcdef0"),
  ],
  "other-stack": [
    missing,
    foreign(
      "arn:aws:ec2:us-east-1:000000000000:instance/i-THE-OTHER",
      ' or "pulumi:pulumi:StackReference organization/reboot-automation/shared" (for all ARNs of policies that use its outputs)',
    ),
    unusedOn("arn:aws:ec2:us-east-1:000000000000:instance/i-THE-OTHER"),
  ],
  "reachable-role": [
    "deployer: escalation path lambda-003 by lambda:UpdateFunctionCode to aws:iam/role:Role role: it can act with the role of something that runs in lambda: that role also allows ec2:RebootInstances on aws:ec2/instance:Instance web, logs:CreateLogStream on aws:cloudwatch/logGroup:LogGroup log and logs:PutLogEvents on aws:cloudwatch/logGroup:LogGroup log. Remove one of these actions, or restrict its resources.",
    "deployer: role: ec2.amazonaws.com may assume it, and nothing in this stack uses it. Remove it, assign it to the resource that needs it, or list it under unused-role.external in the configuration.",
  ],
  "redundant-grant": [
    "role: statement Again: logs:PutLogEvents on arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/rebooter:*: statement Write allows it already. Remove it.",
  ],
  "exported-role": [],
  "right-instance": [],
  "unused-role": [
    "spare: role: lambda.amazonaws.com may assume it, and nothing in this stack uses it. Remove it, assign it to the resource that needs it, or list it under unused-role.external in the configuration.",
  ],
  "unreachable-line": [
    "rebooter: code: it is not fully compared with the role: its code uses aws4 (index.js:6), which calls AWS itself. Review the role manually; only the calls that were read are checked.",
  ],
  "wrong-instance": [missing, unusedOn("aws:ec2/instance:Instance database")],
};
