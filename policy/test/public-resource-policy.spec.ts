import { expect } from "chai";
import { loadProgram } from "../../sandbox/engine/program.ts";
import { documentOf, findings, isNotApplicable, rolePolicy, topic, unknown } from "./support.ts";

const { resourcePolicies } = loadProgram<typeof import("../data/resource-types.ts")>(
  "policy/data/resource-types.ts",
);

const permission = (props: object) => ({
  type: "aws:lambda/permission:Permission",
  name: "permission",
  props: { action: "lambda:InvokeFunction", function: unknown, ...props },
});

describe("public-resource-policy", () => {
  const publicStatement = { Effect: "Allow", Action: "sns:Publish", Principal: "*" };

  it("names statement, reason and fix", async () => {
    expect(await findings("public-resource-policy", topic(publicStatement))).to.deep.equal([
      "it: policy, statement number 1: Principal * with sns:Publish: anyone may use the resource, and no condition restricts the caller. " +
        "List the principals, or add a condition, e.g. on aws:SourceAccount.",
    ]);
  });

  for (const [sid, shown] of [
    ["Enable IAM User Permissions", "Enable IAM User Permissions"],
    ["add-read-only-perm", "add-read-only-perm"],
    ["Allow S3 events", "Allow S3 events"],
    // It would be that of a statement without a Sid.
    ["number 2", "(redacted #0b1a5d7ea7669dd779d0)"],
    ["Tell: Principal *", "(redacted #f96ff2741a18e69c52f1)"],
    ["a".repeat(75) + " b".repeat(50), "(redacted #96638dbf2b7163fc95c6)"],
  ] as const) {
    it(`names the statement by the Sid ${sid}`, async () => {
      const [finding] = await findings(
        "public-resource-policy",
        topic({ ...publicStatement, Sid: sid }),
      );

      expect(finding).to.match(/^it: policy, statement /);
      expect(finding).to.contain(`statement ${shown}: Principal * with sns:Publish: anyone`);
    });
  }

  for (const [type, path] of Object.entries(resourcePolicies)) {
    it(`reads the policy of ${type}`, async () => {
      const policy = documentOf({ ...publicStatement, Principal: { AWS: "*" } });
      const [root = "", member] = path.split(".");
      const props = { [root]: member ? { [member]: policy } : policy };

      expect(await findings("public-resource-policy", { type, props })).to.deep.equal([
        `it: ${path}, statement number 1: Principal * with sns:Publish: anyone may use the resource, and no condition restricts the caller. List the principals, or add a condition, e.g. on aws:SourceAccount.`,
      ]);
    });
  }

  for (const [type, props] of [
    ["aws:ec2/vpcEndpoint:VpcEndpoint", "policy"],
    ["aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy", "policy"],
    ["aws:organizations/policy:Policy", "content"],
  ] as const) {
    it(`accepts everyone in ${type}, whose policy grants nothing`, async () => {
      const policy = documentOf({ Effect: "Allow", Action: "*", Resource: "*", Principal: "*" });

      for (const rule of ["public-resource-policy", "star-action", "star-resource"]) {
        expect(await findings(rule, { type, props: { [props]: policy } })).to.deep.equal([]);
      }
    });
  }

  for (const statement of [
    { ...publicStatement, Principal: { AWS: "arn:aws:iam::111122223333:root" } },
    { ...publicStatement, Principal: { Service: "events.amazonaws.com" } },
    { ...publicStatement, Effect: "Deny" },
    { ...publicStatement, Condition: { StringEquals: { "AWS:SourceOwner": "111122223333" } } },
    { ...publicStatement, Condition: { StringEquals: { "aws:PrincipalOrgID": "o-abc123" } } },
    {
      ...publicStatement,
      Condition: { StringEquals: { "aws:PrincipalAccount": "${aws:ResourceAccount}" } },
    },
    {
      ...publicStatement,
      Condition: {
        "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/ou-ab12-1/*" },
      },
    },
    {
      ...publicStatement,
      Condition: { Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" } },
    },
    {
      ...publicStatement,
      Condition: { StringEquals: { "s3:DataAccessPointAccount": "111122223333" } },
    },
    {
      ...publicStatement,
      Condition: {
        ArnLike: { "s3:DataAccessPointArn": "arn:aws:s3:us-east-1:111122223333:accesspoint/*" },
      },
    },
    {
      ...publicStatement,
      Condition: { ArnLike: { "aws:SourceArn": "arn:aws:events:us-east-1:111122223333:rule/*" } },
    },
  ]) {
    it(`lets ${JSON.stringify(statement)} pass`, async () => {
      expect(await findings("public-resource-policy", topic(statement))).to.deep.equal([]);
    });
  }

  for (const Condition of [
    { Bool: { "aws:SecureTransport": "true" } },
    { IpAddress: { "aws:SourceIp": "0.0.0.0/0" } },
    { StringLike: { "aws:PrincipalArn": "*" } },
    { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/admin" } },
    { StringNotEquals: { "aws:PrincipalOrgID": "o-abc123" } },
    { StringEquals: { "aws:PrincipalArn": "${aws:PrincipalArn}" } },
    { StringEquals: { "aws:SourceAccount": "${AWS:sourceaccount}" } },
    { StringEquals: { "aws:PrincipalAccount": "${aws:PrincipalAccount, 'x'}" } },
    { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::${aws:PrincipalAccount}:role/*" } },
    { StringEquals: { "kms:CallerAccount": "${aws:PrincipalAccount}" } },
    { IpAddress: { "aws:SourceIp": Array.from({ length: 256 }, (_, it) => `${it}.0.0.0/8`) } },
    { Bool: { "elasticfilesystem:AccessedViaMountTarget": "false" } },
    { StringLike: { "aws:PrincipalOrgID": "o-*" } },
    { StringLike: { "aws:SourceAccount": "1*" } },
    { StringLike: { "aws:SourceArn": "arn*" } },
    { StringLike: { "aws:userid": "A*" } },
    { NumericGreaterThan: { "aws:SourceAccount": "0" } },
    { DateGreaterThan: { "aws:PrincipalAccount": "2001-01-01" } },
    { StringEqualsIfExists: { "lambda:FunctionUrlAuthType": "NONE" } },
    { StringLike: { "s3:DataAccessPointAccount": "*" } },
    { ArnLike: { "s3:DataAccessPointArn": "arn:aws:s3:*:*:accesspoint/*" } },
    { StringEquals: { "s3:AccessPointNetworkOrigin": "VPC" } },
  ]) {
    it(`does not believe the condition ${JSON.stringify(Condition)}`, async () => {
      expect(
        await findings("public-resource-policy", topic({ ...publicStatement, Condition })),
      ).to.have.length(1);
    });
  }

  it("asks for the account of a source whose ARN has none", async () => {
    const Condition = { ArnEquals: { "aws:SourceArn": "arn:aws:s3:::uploads" } };

    expect(
      await findings("public-resource-policy", topic({ ...publicStatement, Condition })),
    ).to.deep.equal([
      "it: policy, statement number 1: Principal * with sns:Publish: the ARN in aws:SourceArn has no account, so another account may create a resource with the same ARN. " +
        'Add the condition "StringEquals": {"aws:SourceAccount": "ACCOUNT"}.',
    ]);
  });

  for (const [what, props, count] of [
    ["for everybody", { principal: "*" }, 1],
    ["for everybody of an organization", { principal: "*", principalOrgId: "o-abc123" }, 0],
    ["for an account", { principal: "111122223333" }, 0],
    ["for a service", { principal: "events.amazonaws.com", sourceArn: unknown }, 0],
    ["for an unknown principal", { principal: unknown }, 1],
    ["for signed calls of everybody", { principal: "*", functionUrlAuthType: "AWS_IAM" }, 1],
    ["for a public function URL", { principal: "*", functionUrlAuthType: "NONE" }, 0],
    ["for calls by a function URL", { principal: "*", invokedViaFunctionUrl: true }, 0],
    [
      "for everything by a function URL",
      { principal: "*", invokedViaFunctionUrl: true, action: "lambda:*" },
      1,
    ],
  ] as const) {
    it(`finds ${count} in a Lambda permission ${what}`, async () => {
      expect(await findings("public-resource-policy", permission(props))).to.have.length(count);
    });
  }

  for (const [what, type, props, count] of [
    ["a layer for everybody", "aws:lambda/layerVersionPermission:LayerVersionPermission", {}, 1],
    [
      "a layer for an organization",
      "aws:lambda/layerVersionPermission:LayerVersionPermission",
      { organizationId: "o-abc123" },
      0,
    ],
    ["an event bus for everybody", "aws:cloudwatch/eventPermission:EventPermission", {}, 1],
    [
      "an event bus for an organization",
      "aws:cloudwatch/eventPermission:EventPermission",
      { condition: { type: "StringEquals", key: "aws:PrincipalOrgID", value: unknown } },
      0,
    ],
    [
      "a signing profile for everybody",
      "aws:signer/signingProfilePermission:SigningProfilePermission",
      {},
      1,
    ],
    [
      "a signing profile for an account",
      "aws:signer/signingProfilePermission:SigningProfilePermission",
      { principal: "111122223333" },
      0,
    ],
  ] as const) {
    it(`finds ${count} in the permission of ${what}`, async () => {
      const resource = { type, props: { principal: "*", ...props } };

      expect(await findings("public-resource-policy", resource)).to.have.length(count);
    });
  }

  describe("with a Deny for everyone else", () => {
    const api = (...statements: object[]) => ({
      type: "aws:apigateway/restApi:RestApi",
      props: { policy: documentOf(...statements) },
    });
    const open = {
      Effect: "Allow",
      Principal: "*",
      Action: "execute-api:Invoke",
      Resource: "execute-api:/*",
    };
    const deny = (Condition: object, others: object = {}) => ({
      ...open,
      Effect: "Deny",
      Condition,
      ...others,
    });

    for (const [what, statement] of [
      ["addresses", deny({ NotIpAddress: { "aws:SourceIp": ["192.0.2.0/24"] } })],
      ["an endpoint", deny({ StringNotEquals: { "aws:SourceVpce": "vpce-1a2b3c4d" } })],
      [
        "an organization or AWS's services",
        deny({
          StringNotEqualsIfExists: { "aws:PrincipalOrgID": "o-abc123" },
          BoolIfExists: { "aws:PrincipalIsAWSService": "false" },
        }),
      ],
      [
        "a list of principals",
        {
          Effect: "Deny",
          NotPrincipal: { AWS: "arn:aws:iam::111122223333:role/caller" },
          Action: "execute-api:*",
          Resource: "*",
        },
      ],
    ] as const) {
      it(`passes: only ${what}`, async () => {
        expect(await findings("public-resource-policy", api(open, statement))).to.deep.equal([]);
      });
    }

    for (const [what, statement] of [
      [
        "for another action",
        deny({ NotIpAddress: { "aws:SourceIp": "192.0.2.0/24" } }, { Action: "s3:GetObject" }),
      ],
      [
        "for another resource",
        deny(
          { NotIpAddress: { "aws:SourceIp": "192.0.2.0/24" } },
          { Resource: "execute-api:/prod/*" },
        ),
      ],
      [
        "for one principal",
        deny(
          { NotIpAddress: { "aws:SourceIp": "192.0.2.0/24" } },
          { Principal: { AWS: "arn:aws:iam::111122223333:root" } },
        ),
      ],
      ["of unencrypted calls", deny({ Bool: { "aws:SecureTransport": "false" } })],
      ["of specific addresses", deny({ IpAddress: { "aws:SourceIp": "192.0.2.0/24" } })],
      ["that exempts everyone", deny({ NotIpAddress: { "aws:SourceIp": "0.0.0.0/0" } })],
      [
        "under one more condition",
        deny({
          NotIpAddress: { "aws:SourceIp": "192.0.2.0/24" },
          StringEquals: { "aws:PrincipalOrgID": "o-abc123" },
        }),
      ],
    ] as const) {
      it(`does not pass with a Deny ${what}`, async () => {
        expect(await findings("public-resource-policy", api(open, statement))).to.have.length(1);
      });
    }
  });

  for (const [what, props, count] of [
    ["on the internet", {}, 1],
    ["of a VPC", { vpcConfiguration: { vpcId: unknown } }, 0],
  ] as const) {
    it(`finds ${count} in an access point ${what}`, async () => {
      const policy = documentOf({ ...publicStatement, Action: "s3:GetObject" });
      const accessPoint = { type: "aws:s3/accessPoint:AccessPoint", props: { policy, ...props } };

      expect(await findings("public-resource-policy", accessPoint)).to.have.length(count);
    });
  }

  describe("of a search domain", () => {
    const open = documentOf({ Effect: "Allow", Principal: { AWS: "*" }, Action: "es:*" });
    for (const [what, props, count] of [
      ["on the internet", {}, 1],
      ["in a VPC", { vpcOptions: { subnetIds: [unknown] } }, 0],
      ["with a user database", { advancedSecurityOptions: { enabled: true } }, 0],
      ["without one", { advancedSecurityOptions: { enabled: false } }, 1],
      [
        "with one that admits anyone",
        { advancedSecurityOptions: { enabled: true, anonymousAuthEnabled: true } },
        1,
      ],
    ] as const) {
      it(`finds ${count} in a domain ${what}`, async () => {
        const domain = {
          type: "aws:opensearch/domain:Domain",
          props: { accessPolicies: open, ...props },
        };

        expect(await findings("public-resource-policy", domain)).to.have.length(count);
      });
    }
  });

  for (const [what, Condition, count] of [
    ["NONE", { StringEquals: { "lambda:FunctionUrlAuthType": "NONE" } }, 0],
    ["by a URL", { Bool: { "lambda:InvokedViaFunctionUrl": "true" } }, 0],
    ["AWS_IAM", { StringEquals: { "lambda:FunctionUrlAuthType": "AWS_IAM" } }, 1],
  ] as const) {
    it(`finds ${count} in a function's policy for a function URL: ${what}`, async () => {
      const Action = "lambda:InvokeFunctionUrl";
      const policy = documentOf({ Effect: "Allow", Principal: "*", Action, Condition });
      const resource = { type: "aws:lambda/resourcePolicy:ResourcePolicy", props: { policy } };

      expect(await findings("public-resource-policy", resource)).to.have.length(count);
    });
  }

  it("leaves an unknown document to unknown-document", async () => {
    const late = { type: "aws:sns/topic:Topic", props: { policy: unknown } };

    expect(await findings("public-resource-policy", late)).to.deep.equal([]);
  });

  it("does not apply to a topic without policy, nor to identity policies", async () => {
    const bare = { type: "aws:sns/topic:Topic", props: {} };
    const policy = rolePolicy({ Effect: "Allow", Action: "sns:Publish", Resource: "*" });

    expect(await isNotApplicable("public-resource-policy", bare)).to.equal(true);
    expect(await isNotApplicable("public-resource-policy", policy)).to.equal(true);
  });
});
