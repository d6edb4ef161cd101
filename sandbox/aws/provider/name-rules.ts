import { reveal, unknownValue, type Value, type Values } from "../../engine/values.ts";

/**
 * What the real provider refuses at a check (`plan`), or only AWS when the resource is created
 * (`create`). The words are theirs: terraform-provider-aws v6, its `validate.go` of each service or the
 * resource's CustomizeDiff, and terraform-provider-sumologic v3.2; AWS's are those of its API reference.
 */
interface NameRule {
  readonly property: string;
  readonly when: "plan" | "create";
  /** False for resources that the rule is not about. */
  readonly isFor?: (inputs: Values) => boolean;
  /** What is wrong with the name; nothing if it is right. */
  readonly problem: (name: string) => string | undefined;
}

/** What the real provider says of these inputs at a check, by property. */
export function planProblems(type: string, inputs: Values): [property: string, reason: string][] {
  return problemsOf(type, "plan", inputs);
}

/** Throws what AWS says of these names when the resource is created. */
export function refuseNames(type: string, inputs: Values): void {
  const [problem] = problemsOf(type, "create", inputs);
  if (problem) throw new Error(problem[1]);
}

function problemsOf(type: string, when: NameRule["when"], inputs: Values): [string, string][] {
  const rules = (nameRules[type] ?? []).filter(
    (rule) => rule.when === when && (rule.isFor?.(inputs) ?? true),
  );
  return rules.flatMap(({ property, problem }) =>
    textsOf(reveal(inputs[property] ?? null)).flatMap((name) => {
      const reason = problem(name);
      return reason === undefined ? [] : ([[property, reason]] as [string, string][]);
    }),
  );
}

/** The text, or those of the CIDR blocks in a list of rules; what is unknown is not checked. */
function textsOf(value: Value): string[] {
  if (typeof value === "string") return value === unknownValue ? [] : [value];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (value === null || typeof value !== "object") return [];
  return textsOf(value.cidrBlocks ?? null);
}

/** `problem` of a rule whose text says only that the format is wrong. */
const form = (right: RegExp, words: (name: string) => string) => (name: string) =>
  right.test(name) ? undefined : words(name);

/** terraform-plugin-sdk's StringLenBetween. */
const length = (key: string, least: number, most: number) => (name: string) =>
  name.length >= least && name.length <= most
    ? undefined
    : `expected length of ${key} to be in the range (${least} - ${most}), got ${name}`;

/** terraform-plugin-sdk's StringMatch and StringDoesNotMatch. */
const match = (key: string, right: RegExp, words: string) =>
  form(right, () => `invalid value for ${key} (${words})`);

const all =
  (...problems: ((name: string) => string | undefined)[]) =>
  (name: string) =>
    problems.map((problem) => problem(name)).find((it) => it !== undefined);

const plan = (problem: NameRule["problem"], property = "name"): NameRule => ({
  property,
  when: "plan",
  problem,
});
const create = (problem: NameRule["problem"], property = "name"): NameRule => ({
  property,
  when: "create",
  problem,
});

const iamName = (most: number) =>
  plan(all(length("name", 1, most), match("name", /^[\w+=,.@-]*$/, "must match [\\w+=,.@-]")));

/** The rules of a queue or topic: by an input that is true for FIFO, whose ending SQS counts and SNS does not. */
function fifoOrNot(property: string, most: number, words: (name: string) => string): NameRule[] {
  const isFifo = (inputs: Values) => reveal(inputs[property] ?? null) === true;
  const length = property === "fifoQueue" ? most - ".fifo".length : most;
  return [
    {
      ...plan(form(new RegExp(`^[0-9A-Za-z_-]{1,${length}}\\.fifo$`), words)),
      isFor: isFifo,
    },
    {
      ...plan(form(new RegExp(`^[0-9A-Za-z_-]{1,${most}}$`), words)),
      isFor: (inputs) => !isFifo(inputs),
    },
  ];
}

/** Rules, pipes, connections and API destinations. */
const eventsName = plan(
  all(
    length("name", 1, 64),
    match(
      "name",
      /^[0-9A-Za-z_.-]+$/,
      "only alphanumeric characters, hyphens, underscores and periods",
    ),
  ),
);

const configurationName = create(
  form(
    /^[A-Za-z0-9_-]{1,128}$/,
    (name) =>
      `InvalidParameterException: Value '${name}' at 'configurationName' failed to satisfy constraint: ` +
      "Member must satisfy regular expression pattern: [A-Za-z0-9-_]+",
  ),
  "configurationName",
);

const functionName = /^[0-9A-Za-z_-]+$/;

const nameRules: Readonly<Record<string, readonly NameRule[]>> = {
  "aws:sns/topic:Topic": [...fifoOrNot("fifoTopic", 256, (name) => `invalid topic name: ${name}`)],
  "aws:sns/topicSubscription:TopicSubscription": [
    // https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html
    {
      ...create(
        form(
          /^[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(\.[\w-]+)+$/,
          () => "InvalidParameter: Invalid parameter: Email address",
        ),
        "endpoint",
      ),
      isFor: ({ protocol }) => reveal(protocol ?? null) === "email",
    },
  ],
  "aws:sqs/queue:Queue": [...fifoOrNot("fifoQueue", 80, (name) => `invalid queue name: ${name}`)],
  "aws:iam/role:Role": [iamName(64)],
  "aws:iam/rolePolicy:RolePolicy": [iamName(128)],
  "aws:iam/policy:Policy": [iamName(128)],
  "aws:lambda/function:Function": [
    plan(
      all(
        match("function_name", functionName, "must be valid function name or function ARN"),
        form(
          /^.{1,64}$/,
          (name) =>
            "expected length of the Lambda function name to be less than or equal to 64, " +
            `got ${name} (${name.length} characters)`,
        ),
      ),
    ),
  ],
  "aws:lambda/permission:Permission": [
    plan(
      all(
        match(
          "statement_id",
          /^[0-9A-Za-z_-]+$/,
          "must contain alphanumeric, underscores or dashes only",
        ),
        length("statement_id", 1, 100),
      ),
      "statementId",
    ),
  ],
  "aws:cloudwatch/logGroup:LogGroup": [
    plan(
      all(
        form(
          /^.{0,512}$/,
          (name) => `"name" cannot be longer than 512 characters: ${JSON.stringify(name)}`,
        ),
        form(
          /^[0-9A-Za-z_./#-]+$/,
          (name) =>
            `"name" isn't a valid log group name (alphanumeric characters, underscores, hyphens, ` +
            `slashes, hash signs and dots are allowed): ${JSON.stringify(name)}`,
        ),
      ),
    ),
  ],
  "aws:cloudwatch/metricAlarm:MetricAlarm": [
    plan(length("alarm_name", 1, 255)),
    plan(length("alarm_description", 0, 1024), "alarmDescription"),
  ],
  "aws:cloudwatch/dashboard:Dashboard": [
    plan(
      all(
        form(
          /^.{0,255}$/,
          (name) =>
            `"dashboard_name" cannot be longer than 255 characters: ${JSON.stringify(name)}`,
        ),
        form(
          /^[-_A-Za-z0-9]+$/,
          (name) =>
            `"dashboard_name" doesn't comply with restrictions ("^[\\-_A-Za-z0-9]+$"): ${JSON.stringify(name)}`,
        ),
      ),
      "dashboardName",
    ),
  ],
  "aws:cloudwatch/eventBus:EventBus": [
    plan(
      all(
        length("name", 1, 256),
        match("name", /^[0-9A-Za-z_./-]+$/, ""),
        match("name", /^(?!default$)/, "cannot be 'default'"),
      ),
    ),
  ],
  "aws:cloudwatch/eventRule:EventRule": [eventsName],
  "aws:cloudwatch/eventConnection:EventConnection": [eventsName],
  "aws:cloudwatch/eventApiDestination:EventApiDestination": [eventsName],
  "aws:pipes/pipe:Pipe": [eventsName],
  // https://docs.aws.amazon.com/chatbot/latest/APIReference/API_CreateSlackChannelConfiguration.html
  "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": [configurationName],
  "aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration": [configurationName],
  "aws:dynamodb/table:Table": [
    create(
      all(
        form(
          /^.{3,255}$/,
          () =>
            "ValidationException: TableName must be at least 3 characters long and at most 255 characters long",
        ),
        form(
          /^[a-zA-Z0-9_.-]+$/,
          (name) =>
            `ValidationException: 1 validation error detected: Value '${name}' at 'tableName' failed ` +
            "to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
        ),
      ),
    ),
  ],
  "aws:ec2/securityGroup:SecurityGroup": [
    plan(all(length("name", 0, 255), match("name", /^(?!sg-)/, "cannot begin with sg-"))),
    plan(cidrProblem, "ingress"),
    plan(cidrProblem, "egress"),
  ],
  "aws:kms/alias:Alias": [
    plan(
      all(
        form(
          /^(?!alias\/aws\/)/,
          () => `"name" cannot begin with reserved AWS CMK prefix 'alias/aws/'`,
        ),
        form(
          /^alias\/[a-zA-Z0-9/_-]+$/,
          () => `"name" must begin with 'alias/' and be comprised of only [a-zA-Z0-9/_-]`,
        ),
      ),
    ),
  ],
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
  "aws:s3/bucket:Bucket": [
    create(
      form(
        /^(?!xn--|sthree-|amzn-s3-demo-|.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
        () => "InvalidBucketName: The specified bucket is not valid.",
      ),
      "bucket",
    ),
  ],
  "sumologic:index/connection:Connection": [plan(length("name", 1, 128))],
  "sumologic:index/monitor:Monitor": [plan(libraryName)],
  "sumologic:index/monitorFolder:MonitorFolder": [plan(libraryName)],
};

/** The provider's rule for names in the monitor library. */
function libraryName(name: string): string | undefined {
  return match(
    "name",
    /^[^\s/]([^/]*[^\s/])$/,
    "must not contain forward slashes, nor begin or end with a space",
  )(name);
}

/** Go's net.ParseCIDR, and the provider's demand for the address of the network. */
function cidrProblem(cidr: string): string | undefined {
  const [, address = "", prefix = ""] = /^([\d.]+)\/(0|[1-9]\d?)$/.exec(cidr) ?? [];
  const bytes = address.split(".");
  const isAddress = bytes.length === 4 && bytes.every((it) => /^(0|[1-9]\d{0,2})$/.test(it));
  if (!isAddress || Number(prefix) > 32 || bytes.some((it) => Number(it) > 255)) {
    return `"${cidr}" is not a valid CIDR block: invalid CIDR address: ${cidr}`;
  }
  const network = bytes.map((byte, index) => {
    const bits = Math.min(8, Math.max(0, Number(prefix) - 8 * index));
    return Number(byte) & (256 - 2 ** (8 - bits));
  });
  const right = `${network.join(".")}/${prefix}`;
  return right === cidr
    ? undefined
    : `"${cidr}" is not a valid IPv4 CIDR block; did you mean "${right}"?`;
}
