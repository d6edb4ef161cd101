import * as pulumi from "@pulumi/pulumi";
import type { AlertRule } from "./alert-rule.ts";
import { type CheckSchedule, scheduleChecks } from "./check-schedule.ts";
import { isEmail, isPath, isToken, isX86InstanceType, networkOf } from "./setting-forms.ts";
import { type Deployed, nameProblems, stackNames } from "./stack-names.ts";

/** The program's settings, checked. The keys, their meaning and defaults stand in Pulumi.yaml. */
export interface Settings extends CheckSchedule {
  readonly notificationEmails: readonly string[];
  /** The token that is sent and, during a rotation, the one before it; both are accepted. */
  readonly webhookTokens: readonly [pulumi.Output<string>, ...pulumi.Output<string>[]];
  readonly functionName: string;
  readonly instanceType: string;
  readonly httpCidr?: string;
  readonly instanceId?: string;
  readonly subnetId?: string;
  /** ARN of the managed policy that bounds what the function's role can ever be given. */
  readonly permissionsBoundary?: string;
  /** Whether the created instance serves and ships its log, or stays bare. */
  readonly webServer: boolean;
  readonly rule: AlertRule;
  readonly logSourceCategory: string;
  readonly silentMinutes: number;
  readonly logRetentionDays: number;
  readonly maxRebootsPerDay: number;
  /** Invocations that are reserved for the function; `undefined` reserves none. */
  readonly reservedConcurrency: number | undefined;
}

/** One stack setting as the engine has it. */
export interface SettingValue {
  readonly text: string;
  /** True if it is encrypted in the stack's file. */
  readonly isSecret: boolean;
}

/** https://help.sumologic.com/docs/alerts/monitors/create-monitor/ : the windows in minutes. */
const windows = [2, 5, 10, 15, 30, 60, 180, 360, 720, 1440];

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const retentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
];

/**
 * Reads the stack's settings. Throws one error that names every key that is missing, wrong or
 * unknown; values of secrets are not in it.
 */
export function readSettings(): Settings {
  const deployed = { project: pulumi.getProject(), stack: pulumi.getStack() };
  return parseSettings(ownSettings(), deployed);
}

/** The settings of the project that runs, without its namespace. */
export function ownSettings(): ReadonlyMap<string, SettingValue> {
  const prefix = `${pulumi.getProject()}:`;
  const own = Object.entries(pulumi.runtime.allConfig()).filter(([key]) => key.startsWith(prefix));
  return new Map(
    own.map(([key, text]) => [key.slice(prefix.length), { text, isSecret: isConfigSecret(key) }]),
  );
}

/**
 * The settings of these values; see `readSettings`. An empty text is an absent setting. The names of
 * project and stack are checked too, since AWS has them in most names.
 */
export function parseSettings(
  values: ReadonlyMap<string, SettingValue>,
  deployed: Deployed,
): Settings {
  const problems: string[] = [];
  const known = new Set<string>();

  /** The setting's text if there is one and `isRight` holds; a problem is noted otherwise. */
  function text(key: string, isRight: (text: string) => boolean, expected: string) {
    known.add(key);
    const value = values.get(key)?.text ?? "";
    if (value !== "" && !isRight(value)) {
      problems.push(`${key}: got ${JSON.stringify(value)}; expected ${expected}`);
    }
    return value;
  }

  function requiredText(key: string, isRight: (text: string) => boolean, expected: string) {
    const value = text(key, isRight, expected);
    if (value === "") problems.push(`${key}: is missing; expected ${expected}`);
    return value;
  }

  function optionalText(key: string, isRight: (text: string) => boolean, expected: string) {
    return text(key, isRight, expected) || undefined;
  }

  /** The setting's number; not a number after a problem. */
  function count(key: string, isRight: (count: number) => boolean, expected: string) {
    return countOf(requiredText(key, isCount(isRight), expected), isRight);
  }

  function optionalCount(key: string, isRight: (count: number) => boolean, expected: string) {
    const value = text(key, isCount(isRight), expected);
    return value === "" ? undefined : countOf(value, isRight);
  }

  function token(key: string, isRequired: boolean) {
    known.add(key);
    const value = values.get(key);
    if (!value?.text) {
      if (isRequired) problems.push(`${key}: is missing; expected ${tokenForm}`);
      return undefined;
    }
    if (!value.isSecret) problems.push(`${key}: is not encrypted; set it with --secret`);
    if (!isToken(value.text)) problems.push(`${key}: got another form; expected ${tokenForm}`);
    return pulumi.secret(value.text);
  }

  const notificationEmails = requiredText(
    "notificationEmail",
    (it) => emailsOf(it).every(isEmail) && areDifferent(emailsOf(it)),
    "an e-mail address, or several different ones separated by commas",
  );
  const webhookToken = token("webhookToken", true);
  const webhookTokenPrevious = token("webhookTokenPrevious", false);
  const settings = {
    notificationEmails: emailsOf(notificationEmails),
    functionName: requiredText(
      "functionName",
      (it) => /^[\w-]{1,64}$/.test(it),
      "1 to 64 letters, digits, - or _",
    ),
    instanceType: requiredText(
      "instanceType",
      isX86InstanceType,
      "an x86_64 instance type, for example t3.micro (no Arm, no Mac, nothing older than m3: the AMI is x86_64)",
    ),
    httpCidr: optionalText("httpCidr", (it) => networkOf(it) === it, expectedNetwork(values)),
    instanceId: optionalText(
      "instanceId",
      (it) => /^i-([0-9a-f]{8}|[0-9a-f]{17})$/.test(it),
      "i- and 8 or 17 hexadecimal digits",
    ),
    subnetId: optionalText(
      "subnetId",
      (it) => /^subnet-([0-9a-f]{8}|[0-9a-f]{17})$/.test(it),
      "subnet- and 8 or 17 hexadecimal digits",
    ),
    permissionsBoundary: optionalText(
      "permissionsBoundary",
      (it) =>
        /^arn:aws[\w-]*:iam::(\d{12}|aws):policy\/([\w+=,.@-]+\/)*[\w+=,.@-]{1,128}$/.test(it),
      "the ARN of an IAM policy, such as arn:aws:iam::123456789012:policy/NAME",
    ),
    webServer:
      requiredText("webServer", (it) => /^(true|false)$/.test(it), "true or false") === "true",
    rule: {
      apiPath: requiredText(
        "apiPath",
        isPath,
        "a path of at most 200 characters that begins with / and has only letters, digits and " +
          "/ . _ ~ -, without empty segments (//), . and ..",
      ),
      slowResponseSeconds: count(
        "slowResponseSeconds",
        (it) => it >= 1 && it <= 60,
        "whole seconds from 1 to 60",
      ),
      // Sumo Logic's provider drops a threshold of 0 from the request without a word.
      maxSlowResponses: count(
        "maxSlowResponses",
        (it) => it >= 1 && it <= 1000,
        "a whole number from 1 to 1000",
      ),
      windowMinutes: count(
        "windowMinutes",
        (it) => windows.includes(it),
        `one of ${windows.join(", ")} minutes`,
      ),
    },
    logSourceCategory: requiredText(
      "logSourceCategory",
      (it) => /^[\w./-]{1,128}$/.test(it),
      "1 to 128 letters, digits and / . _ - (no wildcard)",
    ),
    // A reboot takes minutes in which no line comes.
    silentMinutes: count(
      "silentMinutes",
      (it) => it >= 5 && windows.includes(it),
      `one of ${windows.filter((it) => it >= 5).join(", ")} minutes`,
    ),
    maxRebootsPerDay: count(
      "maxRebootsPerDay",
      (it) => it >= 1 && it <= 10,
      "a whole number from 1 to 10",
    ),
    logRetentionDays: count(
      "logRetentionDays",
      (it) => retentions.includes(it),
      `one of ${retentions.join(", ")} days`,
    ),
    // With fewer than 5 the checks are throttled: Lambda polls a queue with up to five invocations at once.
    // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
    reservedConcurrency: optionalCount(
      "reservedConcurrency",
      (it) => it >= 5 && it <= 100,
      "a whole number from 5 to 100, or nothing to reserve none",
    ),
  };
  const scheduleSettings = {
    windowMinutes: settings.rule.windowMinutes,
    // 15 minutes are SQS's longest delay.
    checkEveryMinutes: count(
      "checkEveryMinutes",
      (it) => it >= 1 && it <= 15,
      "whole minutes from 1 to 15",
    ),
    maxChecks: optionalCount(
      "maxChecks",
      (it) => it >= 2 && it <= 200,
      "a whole number from 2 to 200, or nothing to have it computed",
    ),
    cooldownMinutes: optionalCount(
      "cooldownMinutes",
      (it) => it >= 5 && it <= 4320,
      "whole minutes from 5 to 4320, or nothing to have it computed",
    ),
  };
  const { schedule, problems: scheduleProblems } = scheduleChecks(scheduleSettings);
  // They would only repeat what is wrong with one of the numbers.
  if (!Object.values(scheduleSettings).some(Number.isNaN)) problems.push(...scheduleProblems);
  for (const key of ["httpCidr", "subnetId"] as const) {
    if (settings.instanceId && settings[key]) {
      problems.push(`${key}: has no effect with instanceId; remove one of the two`);
    }
  }
  for (const key of values.keys()) {
    if (!known.has(key))
      problems.push(`${key}: no such setting; known are ${[...known].join(", ")}`);
  }
  // Without an instance of its own, the stack has no security group either.
  const names = settings.instanceId
    ? stackNames.filter(({ type }) => type !== "aws:ec2/securityGroup:SecurityGroup")
    : stackNames;
  problems.push(...nameProblems(deployed, names));
  if (problems.length > 0 || !webhookToken) {
    throw new Error(
      `The stack's settings are wrong:\n- ${problems.join("\n- ")}\n` +
        "Set them with `pulumi config set` (`--secret` for tokens) or in Pulumi.<stack>.yaml.",
    );
  }
  const olderTokens = webhookTokenPrevious ? [webhookTokenPrevious] : [];
  return { ...settings, ...schedule, webhookTokens: [webhookToken, ...olderTokens] };
}

// Pulumi leaves this function out of its types, and has no public one that tells the same.
const { isConfigSecret } = pulumi.runtime as unknown as {
  isConfigSecret: (key: string) => boolean;
};

const tokenForm = "at least 43 characters of base64url, or 64 of hex (openssl rand -hex 32)";

function isCount(isRight: (count: number) => boolean): (text: string) => boolean {
  return (text) => /^\d+$/.test(text) && isRight(Number(text));
}

function countOf(text: string, isRight: (count: number) => boolean): number {
  return isCount(isRight)(text) ? Number(text) : Number.NaN;
}

/** What httpCidr must be: where its value is a range, the network of that. */
function expectedNetwork(values: ReadonlyMap<string, SettingValue>): string {
  const network = networkOf(values.get("httpCidr")?.text ?? "");
  const example = "an IPv4 network, for example 203.0.113.0/24, without leading zeros";
  return network ? `the address of the network, ${network}` : example;
}

/** Mail servers do not tell addresses apart by case. */
function areDifferent(emails: readonly string[]): boolean {
  return new Set(emails.map((it) => it.toLowerCase())).size === emails.length;
}

function emailsOf(text: string): string[] {
  return text.split(",").map((address) => address.trim());
}
