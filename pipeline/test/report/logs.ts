// Event logs as Pulumi 3.276.0 writes them for this program, shortened to what matters.
import { type EngineEvent, parseEvent } from "../../report/events.ts";
import { type Preview, readPreview } from "../../report/preview.ts";

/** How the engine writes a value that is known only after the deployment, and a secret. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
export const secret = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext: "[secret]",
};

export const urnOf = (type: string, name: string) =>
  `urn:pulumi:dev::reboot-automation::reboot-automation:index:Some$${type}::${name}`;

/** A resource's state before or after a step. */
export const state = (inputs: object, more: object = {}) => ({
  id: "",
  parent: "",
  inputs,
  outputs: {},
  provider: "urn:pulumi:dev::reboot-automation::pulumi:providers:aws::default_7_48_0::db81",
  ...more,
});

export interface StepFields {
  readonly op: string;
  readonly type: string;
  readonly name: string;
  readonly old?: object | null;
  readonly new?: object | null;
  readonly logical?: boolean;
  readonly diffs?: readonly string[];
  readonly keys?: readonly string[];
  readonly detailedDiff?: object | null;
}

const metadata = ({ type, name, ...fields }: StepFields) => ({
  urn: urnOf(type, name),
  type,
  old: null,
  new: null,
  detailedDiff: null,
  logical: true,
  provider: "",
  ...fields,
});

export const before = (fields: StepFields) => ({
  resourcePreEvent: { metadata: metadata(fields), planning: true },
});
export const after = (fields: StepFields) => ({
  resOutputsEvent: { metadata: metadata(fields), planning: true },
});

/** The two events of a refresh: what it found is in the second. */
export const refreshed = (fields: StepFields) => [
  before({ ...fields, op: "refresh", old: state({}), new: state({}), logical: false }),
  after({ ...fields, logical: false }),
];

export const policy = (level: string, rule: string, message: string, name = "reboot-role") => ({
  policyEvent: {
    resourceUrn: urnOf("aws:iam/role:Role", name),
    message: `${message}\n`,
    color: "never",
    policyName: rule,
    policyPackName: "least-privilege-iam",
    policyPackVersion: "0.1.0",
    policyPackVersionTag: "0.1.0",
    enforcementLevel: level,
  },
});

export const failure = (message: string) => ({
  diagnosticEvent: { prefix: "error: ", message, color: "never", severity: "error" },
});

export const summary = (resourceChanges: object, result = "succeeded") => ({
  summaryEvent: {
    maybeCorrupt: false,
    durationSeconds: 4,
    resourceChanges,
    PolicyPacks: {},
    isPreview: true,
    result,
  },
});

/** A whole log with these events, as text. */
export function logOf(events: readonly object[], resourceChanges: object, result?: string): string {
  const all = [...events, summary(resourceChanges, result), { cancelEvent: {} }];
  return all
    .map(
      (event, sequence) => `${JSON.stringify({ sequence, timestamp: 1_790_000_000, ...event })}\n`,
    )
    .join("");
}

/** What is read of a log. */
export function previewOf(log: string): Preview {
  return readPreview(eventsIn(log));
}

function* eventsIn(log: string): Generator<EngineEvent> {
  for (const line of log.split("\n").slice(0, -1)) {
    const event = parseEvent(line);
    if (event) yield event;
  }
}

const subscription = (endpoint: string) => ({
  type: "aws:sns/topicSubscription:TopicSubscription",
  name: `notifications-${endpoint}`,
});

/** One resource of each kind of change, in an order that the engine may choose. */
export const changed = logOf(
  [
    before({
      op: "update",
      type: "reboot-automation:index:Notifications",
      name: "notifications",
      old: state({ emailAddresses: ["ada@b.co"] }),
      new: state({ emailAddresses: ["bea@b.co"] }),
    }),
    before({
      ...subscription("bea@b.co"),
      op: "create",
      new: state({ endpoint: "bea@b.co", protocol: "email" }),
    }),
    before({
      op: "create-replacement",
      type: "aws:ec2/instance:Instance",
      name: "web-server",
      old: state({}),
      new: state({}),
      logical: false,
    }),
    before({
      op: "replace",
      type: "aws:ec2/instance:Instance",
      name: "web-server",
      old: state(
        {
          ami: "ami-0c2023a1b2c3d4e5f",
          instanceType: "t2.micro",
          metadataOptions: { httpTokens: "required" },
          rootBlockDevice: { encrypted: true },
          subnetId: "subnet-1",
          userData: secret,
        },
        { id: "i-312fe031dffcb5e1c" },
      ),
      new: state({
        ami: "ami-0c2023a1b2c3d4e5f",
        instanceType: "t3.micro",
        metadataOptions: { httpTokens: "required" },
        rootBlockDevice: { encrypted: true },
        subnetId: unknown,
      }),
      diffs: ["instanceType"],
      keys: ["instanceType"],
    }),
    before({
      op: "delete-replaced",
      type: "aws:ec2/instance:Instance",
      name: "web-server",
      old: state({}),
      logical: false,
    }),
    before({
      ...subscription("ada@b.co"),
      op: "delete",
      old: state(
        { endpoint: "ada@b.co" },
        { id: "arn:aws:sns:us-east-1:000000000000:topic:7bc5b793" },
      ),
    }),
  ],
  { create: 1, update: 1, delete: 1, replace: 1, same: 36 },
);

/** Two mandatory findings, one of several lines, and one that only advises; one resource is created. */
export const found = logOf(
  [
    before({
      op: "create",
      type: "aws:iam/role:Role",
      name: "reboot-role",
      new: state({ name: "reboot-role" }),
    }),
    policy(
      "mandatory",
      "unused-grant",
      "reboot-role: statement Reboot: ec2:StopInstances on *: nothing uses it. Remove it.",
    ),
    policy("advisory", "waivers", "it ends soon.", "other-role"),
    policy(
      "mandatory",
      "missing-grant",
      'reboot-role: sns:Publish is not granted. Add\n{\n  "Action": "sns:Publish"\n}',
    ),
    failure("preview failed\n"),
  ],
  { create: 1, same: 39 },
  "failed",
);

/** Nothing changes. */
export const same = logOf(
  [
    before({
      op: "same",
      type: "aws:sns/topic:Topic",
      name: "notifications",
      old: state({}),
      new: state({}),
    }),
  ],
  { same: 1 },
);

/** What a refresh found: somebody opened a rule, and deleted a queue. */
export const drifted = logOf(
  [
    ...refreshed({
      op: "same",
      type: "aws:sns/topic:Topic",
      name: "notifications",
      old: state({}),
      new: state({}),
    }),
    ...refreshed({
      op: "update",
      type: "aws:ec2/securityGroup:SecurityGroup",
      name: "web-server-security-group",
      old: state(
        {},
        { id: "sg-5ae706857dd12a573", outputs: { description: "HTTP in", ingress: [] } },
      ),
      new: state(
        {},
        { outputs: { description: "HTTP in", ingress: [{ cidr: "0.0.0.0/0", fromPort: 22 }] } },
      ),
      diffs: ["ingress"],
    }),
    ...refreshed({
      op: "delete",
      type: "aws:sqs/queue:Queue",
      name: "reboot-dead-letters",
      old: state(
        { name: "dead" },
        {
          id: "https://sqs.us-east-1.amazonaws.com/000000000000/dead",
          outputs: { name: "dead", policy: "" },
        },
      ),
    }),
  ],
  { delete: 1, update: 1, same: 38 },
);
