/** The rule of a service for a name. */
interface NameRule {
  /** What has the name, for example "an SNS topic". */
  readonly of: string;
  readonly longest: number;
  readonly form: RegExp;
  /** `form` in words. */
  readonly expected: string;
}

/** A resource whose name contains the names of project and stack. */
export interface StackName {
  readonly type: string;
  readonly logicalName: string;
  readonly rule: NameRule;
  /** The physical name for a given `PROJECT-STACK`; `random` replaces each random character. */
  readonly nameOf: (projectAndStack: string, random?: string) => string;
}

/** Project and stack, as Pulumi has them. */
export interface Deployed {
  readonly project: string;
  readonly stack: string;
}

const word = { form: /^[\w-]*$/, expected: "letters, digits, - and _" };

/** The names of IAM: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const iamName = (of: string, longest: number): NameRule => ({
  of,
  longest,
  form: /^[\w+=,.@-]*$/,
  expected: "letters, digits and + = , . @ - _",
});

// The limits are those of each service's API reference.
export const topic = { of: "an SNS topic", longest: 256, ...word };
export const queue = { of: "an SQS queue", longest: 80, ...word };
const permission = { of: "a statement of a Lambda function's policy", longest: 100, ...word };
export const role = iamName("an IAM role", 64);
export const rolePolicy = iamName("an IAM policy", 128);
export const alarm = { of: "a CloudWatch alarm", longest: 255, form: /^/, expected: "characters" };
const dashboard = { of: "a CloudWatch dashboard", longest: 255, ...word };
const table = {
  of: "a DynamoDB table",
  longest: 255,
  form: /^[\w.-]*$/,
  expected: "letters, digits and - _ .",
};
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html; the program writes it in lower case.
const bucket = {
  of: "an S3 bucket",
  longest: 63,
  form: /^[A-Za-z0-9-]*$/,
  expected: "letters, digits and -",
};
const securityGroup = {
  of: "a security group",
  longest: 255,
  form: /^(?!sg-)/,
  expected: 'a name that is not "sg" and does not begin with "sg-"',
};
// https://help.sumologic.com/docs/api/collector-management/ and …/docs/alerts/monitors/create-monitor/
const inSumoLogic = (thing: string, longest: number) => ({
  of: `a ${thing} in Sumo Logic`,
  longest,
  form: /^(?!\s)[^/]*$/,
  expected: "no slash and no leading space",
});
const connection = inSumoLogic("connection", 127);
const collector = inSumoLogic("collector", 128);
const source = inSumoLogic("source", 128);

/** See `pulumi:autonaming` in Pulumi.yaml. */
const withRandomEnding =
  (logicalName: string) =>
  (name: string, random = "0") =>
    `${name}-${logicalName}-${random.repeat(7)}`;
export const withoutEnding = (logicalName: string) => (name: string) => `${name}-${logicalName}`;

export const autoNamed = (
  type: string,
  rule: NameRule,
  logicalNames: readonly string[],
  pattern = withRandomEnding,
): StackName[] =>
  logicalNames.map((logicalName) => ({ type, logicalName, rule, nameOf: pattern(logicalName) }));

/**
 * Every name of the program that contains project and stack, except those of the saved searches: Sumo Logic
 * accepts any name for them that the other rules allow.
 */
export const stackNames: readonly StackName[] = [
  ...autoNamed("aws:sns/topic:Topic", topic, ["notifications"]),
  ...autoNamed("aws:sqs/queue:Queue", queue, ["reboot-checks", "reboot-dead-letters"]),
  ...autoNamed("aws:lambda/permission:Permission", permission, [
    "reboot-url-permission",
    "reboot-url-invoke-permission",
  ]),
  ...autoNamed("aws:iam/role:Role", role, ["reboot-role"], withoutEnding),
  ...autoNamed("aws:iam/rolePolicy:RolePolicy", rolePolicy, ["reboot-role-policy"]),
  ...autoNamed("aws:cloudwatch/metricAlarm:MetricAlarm", alarm, [
    "alarms-dead-letters",
    "alarms-errors",
    "alarms-flood",
    "alarms-not-recovered",
    "alarms-notification-failed",
    "alarms-recovery-unconfirmed",
    "alarms-refused-alerts",
    "alarms-stuck-checks",
    "alarms-throttles",
  ]),
  ...autoNamed("aws:dynamodb/table:Table", table, ["reboot-table"]),
  ...autoNamed("aws:ec2/securityGroup:SecurityGroup", securityGroup, ["web-server-security-group"]),
  ...autoNamed("sumologic:index/httpSource:HttpSource", source, ["access-log"]),
  {
    type: "sumologic:index/connection:Connection",
    logicalName: "latency-connection",
    rule: connection,
    nameOf: (name, random = "0") => `${name}-${random.repeat(6)}`,
  },
  {
    type: "sumologic:index/collector:Collector",
    logicalName: "access-log-collector",
    rule: collector,
    nameOf: (name) => name,
  },
  {
    type: "sumologic:index/monitorFolder:MonitorFolder",
    logicalName: "latency-folder",
    rule: inSumoLogic("folder", Number.POSITIVE_INFINITY),
    nameOf: (name) => name,
  },
];

/** The names that the setting `dashboard` adds. */
export const dashboardNames: readonly StackName[] = [
  {
    type: "aws:cloudwatch/dashboard:Dashboard",
    logicalName: "dashboard",
    rule: dashboard,
    nameOf: (name) => name,
  },
];

/** The names of what a group of instances adds. */
export const groupNames: readonly StackName[] = autoNamed(
  "aws:cloudwatch/metricAlarm:MetricAlarm",
  alarm,
  ["alarms-shared-cause"],
);

/** S3 has each name once worldwide, so it ends in the account's id. */
export const evidenceBucketName = (projectAndStack: string, accountId: string) =>
  `${projectAndStack.toLowerCase()}-evidence-${accountId}`;

/** The names of what the setting `evidence` adds. */
export const evidenceNames: readonly StackName[] = [
  {
    type: "aws:s3/bucket:Bucket",
    logicalName: "evidence",
    rule: bucket,
    nameOf: (name) => evidenceBucketName(name, "0".repeat(12)),
  },
];

/**
 * Problems with the names of project and stack, one line each: characters that a service does not allow in
 * one of `names`, or too many characters for the one with the least room.
 */
export function nameProblems(
  { project, stack }: Deployed,
  names: readonly StackName[],
  keys: Deployed = {
    project: "name of the project (in Pulumi.yaml)",
    stack: "name of the stack (pulumi stack rename)",
  },
): string[] {
  const formProblem = (key: string, value: string, projectAndStack: string) => {
    const wrong = names.find(({ rule, nameOf }) => !rule.form.test(nameOf(projectAndStack)));
    if (!wrong) return [];
    const { of, expected } = wrong.rule;
    return [`${key}: got ${JSON.stringify(value)}; expected ${expected}, for the name of ${of}`];
  };
  return [
    ...formProblem(keys.project, project, `${project}-x`),
    ...formProblem(keys.stack, stack, `x-${stack}`),
    ...lengthProblem({ project, stack }, names, keys),
  ];
}

function lengthProblem(
  { project, stack }: Deployed,
  names: readonly StackName[],
  keys: Deployed,
): string[] {
  const roomOf = ({ rule, nameOf }: StackName) => rule.longest - nameOf("").length - "-".length;
  const [tightest] = [...names].sort((one, other) => roomOf(one) - roomOf(other));
  if (!tightest || project.length + stack.length <= roomOf(tightest)) return [];
  const room = roomOf(tightest);
  // If the project leaves no character for the stack, the project is too long.
  const [key, value, most] =
    project.length < room
      ? [keys.stack, stack, room - project.length]
      : [keys.project, project, room - stack.length];
  return [
    `${key}: got ${JSON.stringify(value)} (${value.length} characters); expected at most ${most}; ` +
      `project and stack together can have ${room}, since ` +
      `"${tightest.nameOf("PROJECT-STACK")}" is the name of ${tightest.rule.of} ` +
      `and can have ${tightest.rule.longest}`,
  ];
}
