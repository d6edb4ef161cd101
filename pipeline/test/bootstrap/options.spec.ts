import { expect } from "chai";
import type { Registered } from "../../../sandbox/engine/mocks.ts";
import { everyOption, runBootstrap, settings } from "./run-bootstrap.ts";

interface Written {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** The statements of each policy of bootstrap with these settings, by the policy's logical name. */
async function policiesWith(changes: Readonly<Record<string, string>> = {}) {
  const registered: readonly Registered[] = await runBootstrap({ ...settings, ...changes });
  return new Map<string, readonly Written[]>(
    registered
      .filter(({ type }) => /:(Policy|RolePolicy)$/.test(type))
      .map(({ name, inputs }) => [name, JSON.parse(inputs.policy).Statement]),
  );
}

/** The actions that a stack with this option adds to those of deployments and previews. */
async function addedBy(changes: Readonly<Record<string, string>>): Promise<string[]> {
  const actionsIn = async (of: Readonly<Record<string, string>>) =>
    [...(await policiesWith(of))]
      .filter(([name]) => !name.startsWith("boundary"))
      .flatMap(([, statements]) => statements)
      .flatMap(({ Sid, Action }) => [Action].flat().map((it) => `${Sid}: ${it}`));
  const before = await actionsIn({});
  return [...new Set((await actionsIn(changes)).filter((it) => !before.includes(it)))].sort();
}

const ofRole = (title: string) => [
  `Give${title}: iam:PassRole`,
  `Make${title}: iam:CreateRole`,
  `Make${title}: iam:PutRolePermissionsBoundary`,
  ...(title === "ChatRole" ? [] : [`Make${title}: iam:PutRolePolicy`]),
  `Make${title}: iam:UpdateRole`,
  `Make${title}: iam:UpdateRoleDescription`,
  `RemovePoliciesOf${title}: iam:DeleteRolePolicy`,
  `RemovePoliciesOf${title}: iam:DetachRolePolicy`,
];
const ofRules = (title: string) => [
  `ChangeRulesOf${title}: events:DeleteRule`,
  `ChangeRulesOf${title}: events:PutRule`,
  `ChangeRulesOf${title}: events:PutTargets`,
  `ChangeRulesOf${title}: events:RemoveTargets`,
  `ReadRulesOf${title}: events:DescribeRule`,
  `ReadRulesOf${title}: events:ListTagsForResource`,
  `ReadRulesOf${title}: events:ListTargetsByRule`,
];
const ofEvents = [
  "ChangeBus: events:CreateEventBus",
  "ChangeBus: events:DeleteEventBus",
  "ChangeBus: events:UpdateEventBus",
  "ChangePipe: pipes:CreatePipe",
  "ChangePipe: pipes:DeletePipe",
  "ChangePipe: pipes:UpdatePipe",
  ...ofRole("PipeRole"),
  "ReadBus: events:DescribeEventBus",
  "ReadBus: events:ListTagsForResource",
  "ReadPipe: pipes:DescribePipe",
  "ReadRoles: iam:GetRole",
  "ReadRoles: iam:GetRolePolicy",
  "ReadRoles: iam:ListAttachedRolePolicies",
  "ReadRoles: iam:ListRolePolicies",
];
const { eventBusArn } = everyOption;
const global = "arn:aws-us-gov:iam::123456789012";

describe("the options of bootstrap", () => {
  it("are off by default, and then add no policy", async () => {
    expect([...(await policiesWith()).keys()].sort()).to.deep.equal([
      "boundary",
      "deploy-policy",
      "preview-policy",
      "read",
      "server",
    ]);
  });

  for (const [what, changes, actions] of [
    ["eventBusArn", { eventBusArn }, [...ofEvents, ...ofRole("BusRole"), ...ofRules("Bus")]],
    [
      "slack",
      { slack: "true" },
      [
        ...ofEvents,
        ...ofRole("ChatRole"),
        ...ofRules("Chat"),
        "ChangeChannels: chatbot:DeleteSlackChannelConfiguration",
        "ChangeChannels: chatbot:UpdateSlackChannelConfiguration",
        "CreateChannels: chatbot:CreateSlackChannelConfiguration",
        "MakeRoleOfService: iam:CreateServiceLinkedRole",
        "ReadChannels: chatbot:DescribeSlackChannelConfigurations",
        "ReadChannels: chatbot:ListTagsForResource",
      ],
    ],
    [
      "teams",
      { teams: "true" },
      [
        ...ofEvents,
        ...ofRole("ChatRole"),
        ...ofRules("Chat"),
        "ChangeChannels: chatbot:DeleteMicrosoftTeamsChannelConfiguration",
        "ChangeChannels: chatbot:UpdateMicrosoftTeamsChannelConfiguration",
        "CreateChannels: chatbot:CreateMicrosoftTeamsChannelConfiguration",
        "MakeRoleOfService: iam:CreateServiceLinkedRole",
        "ReadChannels: chatbot:ListMicrosoftTeamsChannelConfigurations",
        "ReadChannels: chatbot:ListTagsForResource",
      ],
    ],
    [
      "pager",
      { pager: "true" },
      [
        ...ofEvents,
        ...ofRole("PagerRole"),
        ...ofRules("Pager"),
        "ChangeConnection: events:CreateConnection",
        "ChangeConnection: events:DeleteConnection",
        "ChangeConnection: events:UpdateConnection",
        "ChangeDestination: events:DeleteApiDestination",
        "ChangeDestination: events:UpdateApiDestination",
        "CreateDestination: events:CreateApiDestination",
        "KeepRoutingKey: secretsmanager:CreateSecret",
        "KeepRoutingKey: secretsmanager:DeleteSecret",
        "KeepRoutingKey: secretsmanager:GetSecretValue",
        "KeepRoutingKey: secretsmanager:PutSecretValue",
        "KeepRoutingKey: secretsmanager:UpdateSecret",
        "MakeRoleOfService: iam:CreateServiceLinkedRole",
        "ReadConnection: events:DescribeConnection",
        "ReadDestination: events:DescribeApiDestination",
      ],
    ],
    [
      "dashboard",
      { dashboard: "true" },
      [
        "ChangeDashboard: cloudwatch:DeleteDashboards",
        "ChangeDashboard: cloudwatch:PutDashboard",
        "ReadDashboard: cloudwatch:GetDashboard",
      ],
    ],
    [
      "evidence",
      { evidence: "true" },
      [
        "ChangeEvidenceBucket: s3:CreateBucket",
        "ChangeEvidenceBucket: s3:DeleteBucket",
        "ChangeEvidenceBucket: s3:DeleteBucketPolicy",
        "ChangeEvidenceBucket: s3:ListBucketVersions",
        "ChangeEvidenceBucket: s3:PutBucketPolicy",
        "ChangeEvidenceBucket: s3:PutBucketPublicAccessBlock",
        "ChangeEvidenceBucket: s3:PutEncryptionConfiguration",
        "ChangeEvidenceBucket: s3:PutLifecycleConfiguration",
        "EmptyEvidenceBucket: s3:DeleteObjectVersion",
        "ReadEvidenceBucket: s3:GetAccelerateConfiguration",
        "ReadEvidenceBucket: s3:GetBucketAcl",
        "ReadEvidenceBucket: s3:GetBucketCORS",
        "ReadEvidenceBucket: s3:GetBucketLogging",
        "ReadEvidenceBucket: s3:GetBucketObjectLockConfiguration",
        "ReadEvidenceBucket: s3:GetBucketPolicy",
        "ReadEvidenceBucket: s3:GetBucketPublicAccessBlock",
        "ReadEvidenceBucket: s3:GetBucketRequestPayment",
        "ReadEvidenceBucket: s3:GetBucketTagging",
        "ReadEvidenceBucket: s3:GetBucketVersioning",
        "ReadEvidenceBucket: s3:GetBucketWebsite",
        "ReadEvidenceBucket: s3:GetEncryptionConfiguration",
        "ReadEvidenceBucket: s3:GetLifecycleConfiguration",
        "ReadEvidenceBucket: s3:GetReplicationConfiguration",
        "ReadEvidenceBucket: s3:ListBucket",
      ],
    ],
  ] as const) {
    it(`add with ${what} exactly what it needs`, async () => {
      expect(await addedBy(changes)).to.deep.equal([...actions].sort());
    });
  }

  it("let each role be passed to its one service, and created with its own boundary only", async () => {
    const statements = [...(await policiesWith(everyOption)).values()].flat();
    const passed = statements.filter(({ Action }) => [Action].flat().includes("iam:PassRole"));
    const created = statements.filter(({ Action }) => [Action].flat().includes("iam:CreateRole"));
    const valuesOf = ({ Resource, Condition }: Written) => [[Resource].flat(), Condition];

    expect(passed.map(valuesOf)).to.have.deep.members(
      [
        ["reboot-role", "lambda"],
        ["events-pipe-role", "pipes"],
        ["chat-role", "chatbot"],
        ["pager-role", "events"],
        ["bus-role", "events"],
      ].map(([role, service]) => [
        [`${global}:role/reboot-automation-dev-${role}`],
        { StringEquals: { "iam:PassedToService": `${service}.amazonaws.com` } },
      ]),
    );
    expect(created.map(valuesOf)).to.have.deep.members(
      [
        ["reboot-role", "boundary"],
        ["events-pipe-role", "boundary-events-pipe-role"],
        ["chat-role", "boundary-chat-role"],
        ["pager-role", "boundary-pager-role"],
        ["bus-role", "boundary-bus-role"],
      ].map(([role, boundary]) => [
        [`${global}:role/reboot-automation-dev-${role}`],
        {
          StringEquals: {
            "iam:PermissionsBoundary": `${global}:policy/reboot-automation-dev-${boundary}`,
          },
        },
      ]),
    );
  });

  it("let no role be deleted, or trust anybody else", async () => {
    const statements = [...(await policiesWith(everyOption)).values()].flat();
    const actions = statements.flatMap(({ Action }) => [Action].flat());

    expect(actions).not.to.include("iam:DeleteRole");
    expect(actions).not.to.include("iam:UpdateAssumeRolePolicy");
    expect(actions).not.to.include("iam:DeleteRolePermissionsBoundary");
  });

  it("leave the boundary of the function's role alone, but for evidence", async () => {
    const boundaryWith = async (changes: Readonly<Record<string, string>>) =>
      (await policiesWith(changes)).get("boundary") ?? [];
    const { evidence, ...targets } = everyOption;
    const before = await boundaryWith({});
    const after = await boundaryWith({ evidence });

    expect(await boundaryWith(targets)).to.deep.equal(before);
    expect(after.slice(0, before.length)).to.deep.equal(before);
    expect(after.slice(before.length).map(({ Sid, Action }) => [Sid, Action])).to.deep.equal([
      ["CaptureConsole", ["ec2:GetConsoleOutput", "ec2:GetConsoleScreenshot"]],
      ["StoreEvidence", ["s3:PutObject"]],
    ]);
    const ofFunction = {
      "lambda:SourceFunctionArn":
        "arn:aws-us-gov:lambda:ap-northeast-3:123456789012:function:Reboot",
    };
    expect(after.slice(before.length).map(({ Condition }) => Condition)).to.deep.equal([
      {
        StringEquals: {
          "aws:ResourceTag/Project": "reboot-automation",
          "aws:ResourceTag/Stack": "dev",
        },
        ArnEquals: ofFunction,
      },
      { ArnEquals: ofFunction },
    ]);
  });

  it("bound each role by what it does on the stack's own resources, and the chat's by nothing", async () => {
    const policies = await policiesWith(everyOption);
    const most = (role: string) =>
      policies
        .get(`boundary-${role}`)
        ?.map(({ Effect, Action, Resource }) => [Effect, Action, Resource].flat(2).join(" "));
    const arn = (service: string, rest: string) =>
      `arn:aws-us-gov:${service}:ap-northeast-3:123456789012:${rest}`;

    expect(most("events-pipe-role")).to.deep.equal([
      `Allow dynamodb:DescribeStream dynamodb:GetRecords dynamodb:GetShardIterator ${arn("dynamodb", "table/reboot-automation-dev-reboot-table-???????/stream/*")}`,
      "Allow dynamodb:ListStreams *",
      `Allow events:PutEvents ${arn("events", "event-bus/reboot-automation-dev-events-bus-???????")}`,
      `Allow sqs:SendMessage ${arn("sqs", "reboot-automation-dev-events-dead-letters-???????")}`,
    ]);
    expect(most("pager-role")).to.deep.equal([
      `Allow events:InvokeApiDestination ${arn("events", "api-destination/reboot-automation-dev-pager-???????/*")}`,
    ]);
    expect(most("bus-role")).to.deep.equal([`Allow events:PutEvents ${eventBusArn}`]);
    expect(most("chat-role")).to.deep.equal(["Deny * *"]);
  });
});
