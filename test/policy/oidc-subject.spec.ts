import { expect } from "chai";
import { findings, isNotApplicable, role, unknown } from "./support.ts";

const github = "token.actions.githubusercontent.com";
const gitlab = "gitlab.com";
const pulumi = "api.pulumi.com/oidc";
const eks = "oidc.eks.us-east-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE";

function trusting(issuer: string, subject?: unknown, operator = "StringEquals") {
  const audience = { StringEquals: { [`${issuer}:aud`]: "sts.amazonaws.com" } };
  const sub = subject === undefined ? {} : { [`${issuer}:sub`]: subject };
  const Condition =
    operator === "StringEquals"
      ? { StringEquals: { ...audience.StringEquals, ...sub } }
      : { ...audience, [operator]: sub };
  return role({
    Effect: "Allow",
    Action: "sts:AssumeRoleWithWebIdentity",
    Principal: { Federated: `arn:aws:iam::111122223333:oidc-provider/${issuer}` },
    Condition,
  });
}

describe("oidc-subject", () => {
  for (const [issuer, subject] of [
    [github, "repo:octo/web:ref:refs/heads/main"],
    [github, "repo:octo@1234/web@5678:environment:production"],
    [github, ["repo:octo/web:pull_request", "repo:octo/web:ref:refs/heads/main"]],
    [gitlab, "project_path:group/sub/web:ref_type:branch:ref:main"],
    [pulumi, "pulumi:deploy:org:acme:project:web:stack:dev:operation:update:scope:write"],
    [eks, "system:serviceaccount:web:api"],
    ["idp.example.com", "whoever-it-is"],
  ] as const) {
    it(`lets ${JSON.stringify(subject)} of ${issuer} pass`, async () => {
      expect(await findings("oidc-subject", trusting(issuer, subject))).to.deep.equal([]);
    });
  }

  it("says that a missing subject lets any user in, with an example", async () => {
    expect(await findings("oidc-subject", trusting(github))).to.deep.equal([
      `it: assumeRolePolicy, statement number 1: Principal Federated ${github}, sub: any user of the provider may assume the role. ` +
        `Ask for the subject, such as "StringEquals": {"${github}:sub": "repo:OWNER/REPOSITORY:ref:refs/heads/main"}.`,
    ]);
  });

  for (const [issuer, subject] of [
    [github, "*"],
    [github, "repo:*"],
    [github, "repo:octo/*"],
    [github, "repo:octo/w*:ref:refs/heads/main"],
    [github, "repo:*/web:ref:refs/heads/main"],
    [gitlab, "project_path:*:ref_type:branch:ref:main"],
    [pulumi, "pulumi:deploy:org:acme:*"],
    [eks, "system:serviceaccount:*:api"],
    ["idp.example.com", "whoever-*"],
  ] as const) {
    it(`reports ${subject} of ${issuer}`, async () => {
      expect(
        await findings("oidc-subject", trusting(issuer, subject, "StringLike")),
      ).to.have.length(1);
    });
  }

  it("only advises where the repository is named and the rest is a wildcard", async () => {
    const [finding] = await findings(
      "oidc-subject",
      trusting(github, "repo:octo/web:*", "StringLike"),
    );

    expect(finding).to.match(
      /^advisory: .*sub repo:octo\/web:\*: its wildcard takes every branch, tag and pull request/,
    );
  });

  it("reports a subject that compares itself", async () => {
    const itself = trusting("idp.example.com", "${idp.example.com:sub}");

    expect(await findings("oidc-subject", itself)).to.have.length(1);
  });

  it("knows the provider in any letter case, and Facebook's key for the audience", async () => {
    const trust = (Federated: string, Condition?: object) =>
      role({ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Federated }, Condition });
    const upper = trust(`ARN:aws:iam::111122223333:OIDC-provider/${github}`);
    const facebook = trust("graph.facebook.com", {
      StringEquals: { "graph.facebook.com:app_id": "1", "graph.facebook.com:sub": "2" },
    });

    expect(await findings("oidc-subject", upper)).to.have.length(2);
    expect(await findings("oidc-subject", facebook)).to.deep.equal([]);
  });

  for (const operator of [
    "DateGreaterThan",
    "StringNotEquals",
    "StringEqualsIfExists",
    "ForAllValues:StringLike",
  ]) {
    it(`does not believe ${operator}`, async () => {
      const subject = "repo:octo/web:ref:refs/heads/main";

      expect(await findings("oidc-subject", trusting(github, subject, operator))).to.have.length(1);
    });
  }

  it("asks for the audience", async () => {
    const trust = role({
      Effect: "Allow",
      Action: "sts:AssumeRoleWithWebIdentity",
      Principal: { Federated: `arn:aws:iam::111122223333:oidc-provider/${github}` },
      Condition: { StringEquals: { [`${github}:sub`]: "repo:octo/web:pull_request" } },
    });

    const [finding, ...others] = await findings("oidc-subject", trust);

    expect(finding).to.include(`${github}, aud: tokens for any other audience are taken, too`);
    expect(others).to.deep.equal([]);
  });

  it("asks an identity pool of Cognito for its audience only", async () => {
    const issuer = "cognito-identity.amazonaws.com";
    const trust = (Condition?: object) =>
      role({
        Effect: "Allow",
        Action: "sts:AssumeRoleWithWebIdentity",
        Principal: { Federated: issuer },
        Condition,
      });
    const pool = { StringEquals: { [`${issuer}:aud`]: "us-east-1:12345678-dead-beef" } };

    expect(await findings("oidc-subject", trust())).to.have.length(1);
    expect(await findings("oidc-subject", trust(pool))).to.deep.equal([]);
  });

  it("has nothing to say of services, SAML, and unknown documents", async () => {
    const trust = (Principal: object) =>
      role({ Effect: "Allow", Action: "sts:AssumeRole", Principal });
    const saml = { Federated: "arn:aws:iam::111122223333:saml-provider/corporate" };
    const late = { type: "aws:iam/role:Role", props: { assumeRolePolicy: unknown } };

    for (const it of [trust({ Service: "lambda.amazonaws.com" }), trust(saml), late]) {
      expect(await findings("oidc-subject", it)).to.deep.equal([]);
    }
  });

  it("does not apply to other resources", async () => {
    expect(await isNotApplicable("oidc-subject", { type: "x:y:Z", props: {} })).to.equal(true);
  });
});
