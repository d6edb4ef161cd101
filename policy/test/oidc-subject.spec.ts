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
    ["idp.example.com", "any-user"],
  ] as const) {
    it(`lets ${JSON.stringify(subject)} of ${issuer} pass`, async () => {
      expect(await findings("oidc-subject", trusting(issuer, subject))).to.deep.equal([]);
    });
  }

  it("says that a missing subject lets any user in, with an example", async () => {
    expect(await findings("oidc-subject", trusting(github))).to.deep.equal([
      `it: assumeRolePolicy, statement number 1: Principal Federated ${github}, sub: any user of the provider may assume the role. ` +
        `Require the subject, e.g. "StringEquals": {"${github}:sub": "repo:OWNER/REPOSITORY:ref:refs/heads/main"}.`,
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
    ["idp.example.com", "any-*"],
  ] as const) {
    it(`reports ${subject} of ${issuer}`, async () => {
      expect(
        await findings("oidc-subject", trusting(issuer, subject, "StringLike")),
      ).to.have.length(1);
    });
  }

  const bitbucket = "api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc";
  const repository = "{1a2b3c4d-1234-5678-9abc-1a2b3c4d5e6f}";
  const environment = "{2a2b3c4d-1234-5678-9abc-1a2b3c4d5e6f}";
  const circle = "oidc.circleci.com/org/1a2b3c4d";
  const buildkite = "agent.buildkite.com";

  describe("of providers that write another value for each run", () => {
    for (const [issuer, subject] of [
      [bitbucket, `${repository}:*`],
      [bitbucket, `${repository}*`],
      [bitbucket, `${repository}:${environment}:*`],
      [circle, "org/1a2b3c4d/project/5e6f7a8b/user/*"],
      [circle, "org/1a2b3c4d/project/5e6f7a8b/user/*/vcs-origin/github.com/octo/web"],
      [buildkite, "organization:acme:pipeline:web:ref:refs/heads/main:commit:*:step:*"],
      ["app.terraform.io", "organization:acme:project:web:workspace:prod:run_phase:*"],
      ["acme.app.spacelift.io", "space:web-01:stack:web:run_type:*:scope:write"],
      ["oidc.codefresh.io", "account:1a2b:pipeline:3c4d:*"],
      ["oidc.fly.io/acme", "acme:web:*"],
    ] as const) {
      it(`accepts ${subject} of ${issuer}`, async () => {
        const trust = trusting(issuer, subject, "StringLike");

        expect(await findings("oidc-subject", trust)).to.deep.equal([]);
      });
    }

    for (const [issuer, subject] of [
      [bitbucket, `*:${environment}:*`],
      [bitbucket, "{1a2b3c4d-*"],
      [circle, "org/1a2b3c4d/project/*"],
      [circle, "org/1a2b3c4d/project/*/user/5e6f"],
      [buildkite, "organization:acme:*"],
      [buildkite, "organization:acme:pipeline:*:ref:refs/heads/main:commit:*:step:*"],
      ["app.terraform.io", "organization:acme:project:*:workspace:prod:run_phase:*"],
      ["acme.app.spacelift.io", "space:web-01:*"],
      ["oidc.codefresh.io", "account:1a2b:*"],
      ["oidc.fly.io/acme", "acme:*"],
    ] as const) {
      it(`reports ${subject} of ${issuer}`, async () => {
        const [finding, ...others] = await findings(
          "oidc-subject",
          trusting(issuer, subject, "StringLike"),
        );

        expect(finding).to.match(/^it: .* it does not specify .* without wildcards\./);
        expect(others).to.deep.equal([]);
      });
    }

    it("is advisory where every branch of the pipeline may assume the role", async () => {
      const [finding] = await findings(
        "oidc-subject",
        trusting(buildkite, "organization:acme:pipeline:web:*", "StringLike"),
      );

      expect(finding).to.match(/^advisory: /);
    });

    it("gives the passing form of Bitbucket as its example", async () => {
      expect(await findings("oidc-subject", trusting(bitbucket))).to.deep.equal([
        `it: assumeRolePolicy, statement number 1: Principal Federated ${bitbucket}, sub: any user of the provider may assume the role. ` +
          `Require the subject, e.g. "StringLike": {"${bitbucket}:sub": "{REPOSITORY_UUID}:*"}.`,
      ]);
    });
  });

  describe("with a template of GitHub", () => {
    const workflow = "octo/automation/.github/workflows/up.yml@refs/heads/main";
    for (const subject of [
      "repo:octo/web",
      `job_workflow_ref:${workflow}`,
      `repo:octo/web:environment:production:job_workflow_ref:${workflow}`,
      "repo:octo/web:pull_request:actor:monalisa",
      "repository_owner:octo:repository_visibility:private",
      "repository_owner:octo:environment:production",
      "environment:production:repository_owner:octo",
      "repository_id:123456789",
      "repository:octo/web:ref:refs/heads/main",
    ]) {
      it(`accepts ${subject}`, async () => {
        expect(await findings("oidc-subject", trusting(github, subject))).to.deep.equal([]);
      });
    }

    for (const subject of [
      "environment:production",
      "ref:refs/heads/main",
      "actor:monalisa",
      "repo:octo",
      "repository_owner:*",
      "repository_owner:octo*:repository_visibility:private",
      "job_workflow_ref:octo/automation/*",
    ]) {
      it(`reports ${subject}`, async () => {
        const [finding] = await findings("oidc-subject", trusting(github, subject, "StringLike"));

        expect(finding).to.match(/it does not specify owner and repository without wildcards\./);
      });
    }

    it("is advisory for a subject with the owner alone", async () => {
      const [finding] = await findings("oidc-subject", trusting(github, "repository_owner:octo"));

      expect(finding).to.match(/^advisory: .*every repository of the owner may assume the role\./);
    });
  });

  describe("with a wildcard under StringEquals", () => {
    const prefix = `it: assumeRolePolicy, statement number 1: Principal Federated ${github}, sub`;
    const why = "it matches nobody: to StringEquals a wildcard is a plain character";

    it("says that it matches nobody, and that StringLike is meant", async () => {
      expect(await findings("oidc-subject", trusting(github, "repo:octo/web:*"))).to.deep.equal([
        `${prefix} repo:octo/web:*: ${why}. You probably mean "StringLike": {"${github}:sub": "repo:octo/web:*"}.`,
      ]);
    });

    it("does not advise a pattern that is too wide", async () => {
      expect(await findings("oidc-subject", trusting(github, "repo:octo/*"))).to.deep.equal([
        `${prefix} repo:octo/*: ${why}. You probably mean "StringLike": {"${github}:sub": "repo:OWNER/REPOSITORY:ref:*"}.`,
      ]);
    });

    it("says so also beside claims that restrict the role", async () => {
      const trust = role({
        Effect: "Allow",
        Action: "sts:AssumeRoleWithWebIdentity",
        Principal: { Federated: `arn:aws:iam::111122223333:oidc-provider/${github}` },
        Condition: {
          StringEquals: {
            [`${github}:aud`]: "sts.amazonaws.com",
            [`${github}:sub`]: "repo:octo/web:*",
            [`${github}:repository_id`]: "123456789",
            [`${github}:ref`]: "refs/heads/main",
          },
        },
      });

      expect(await findings("oidc-subject", trust)).to.have.length(1);
    });
  });

  it("is advisory if the repository is named and the rest is a wildcard", async () => {
    const [finding] = await findings(
      "oidc-subject",
      trusting(github, "repo:octo/web:*", "StringLike"),
    );

    expect(finding).to.match(
      /^advisory: .*sub repo:octo\/web:\*: its wildcard matches every branch, tag and pull request/,
    );
  });

  it("reports a subject that compares itself", async () => {
    const itself = trusting("idp.example.com", "${idp.example.com:sub}");

    expect(await findings("oidc-subject", itself)).to.have.length(1);
  });

  it("knows the provider in any case, and Facebook's key for the audience", async () => {
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

    expect(finding).to.include(`${github}, aud: tokens for any other audience are accepted`);
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

  describe("with the claims of GitHub's tokens that STS has as keys", () => {
    /** Conditions on the audience, and on these claims. */
    const claiming = (claims: Record<string, unknown>, operator = "StringEquals") => {
      const keys = (of: Record<string, unknown>) =>
        Object.fromEntries(Object.entries(of).map(([claim, it]) => [`${github}:${claim}`, it]));
      const aud = { aud: "sts.amazonaws.com" };
      return role({
        Effect: "Allow",
        Action: "sts:AssumeRoleWithWebIdentity",
        Principal: { Federated: `arn:aws:iam::111122223333:oidc-provider/${github}` },
        Condition:
          operator === "StringEquals"
            ? { StringEquals: keys({ ...aud, ...claims }) }
            : { StringEquals: keys(aud), [operator]: keys(claims) },
      });
    };
    const main = "refs/heads/main";
    const workflow = `octo/web/.github/workflows/up.yml@${main}`;
    const everything = {
      sub: "repo:octo/web:environment:production",
      ref: main,
      job_workflow_ref: workflow,
      repository_id: "123456789",
    };

    it("allows a role that asks for subject, branch, workflow and repository", async () => {
      for (const rule of ["oidc-subject", "unknown-condition-key", "vacuous-condition"]) {
        expect(await findings(rule, claiming(everything))).to.deep.equal([]);
      }
    });

    for (const claims of [
      { repository_id: "123456789", ref: main },
      { repository_id: ["123456789", "987654321"], environment: "production" },
      { repository: "octo/web", job_workflow_ref: workflow },
    ]) {
      it(`accepts ${Object.keys(claims).join(" and ")} as a subject`, async () => {
        expect(await findings("oidc-subject", claiming(claims))).to.deep.equal([]);
      });
    }

    it("accepts a subject with a wildcard beside the repository's id and a branch", async () => {
      const claims = { sub: "repo:octo/*", repository_id: "123456789", ref: main };

      expect(await findings("oidc-subject", claiming(claims, "StringLike"))).to.deep.equal([]);
    });

    it("is advisory if the repository is named and nothing in it", async () => {
      const [alone, ...others] = await findings(
        "oidc-subject",
        claiming({ repository_id: "123456789" }),
      );
      const [subject] = await findings(
        "oidc-subject",
        claiming({ sub: "repo:octo/*", repository_id: "123456789" }, "StringLike"),
      );

      expect(alone).to.match(
        /^advisory: .*, sub: every branch, tag and pull request of the repository may assume the role\./,
      );
      expect(others).to.deep.equal([]);
      expect(subject).to.match(/^advisory: .*sub repo:octo\/\*: its wildcard matches every branch/);
    });

    it("has no advice for a subject with a wildcard behind the repository and an exact branch", async () => {
      const trust = role({
        Effect: "Allow",
        Action: "sts:AssumeRoleWithWebIdentity",
        Principal: { Federated: `arn:aws:iam::111122223333:oidc-provider/${github}` },
        Condition: {
          StringEquals: { [`${github}:aud`]: "sts.amazonaws.com", [`${github}:ref`]: main },
          StringLike: { [`${github}:sub`]: "repo:octo/web:*" },
        },
      });

      expect(await findings("oidc-subject", trust)).to.deep.equal([]);
    });

    for (const [claims, operator] of [
      [{ ref: main }, "StringEquals"],
      [{ environment: "production" }, "StringEquals"],
      [{ job_workflow_ref: workflow }, "StringEquals"],
      [{ repository_owner_id: "42", ref: main }, "StringEquals"],
      [{ actor_id: "42", ref: main }, "StringEquals"],
      [{ enterprise_id: "42", workflow: "up" }, "StringEquals"],
      [{ repository_id: "1234*", ref: main }, "StringLike"],
      [{ repository_id: "12345678?", ref: main }, "StringLike"],
      [{ repository_id: ["123456789", "*"], ref: main }, "StringLike"],
      [{ repository: "octo/*", ref: main }, "StringLike"],
      [{ repository: "octo/w?b", ref: main }, "StringLike"],
      [{ repository_id: "123456789", ref: main }, "StringEqualsIfExists"],
      [{ repository_id: "123456789", ref: main }, "StringNotEquals"],
      [{ repository_id: "123456789", ref: main }, "ForAllValues:StringEquals"],
    ] as const) {
      it(`does not accept ${operator} ${JSON.stringify(claims)} as a subject`, async () => {
        const [finding, ...others] = await findings("oidc-subject", claiming(claims, operator));

        expect(finding).to.match(/, sub: any user of the provider may assume the role\./);
        expect(finding).not.to.match(/^advisory/);
        expect(others).to.deep.equal([]);
      });
    }

    it("does not treat a wildcard in the branch as one branch", async () => {
      const [finding] = await findings(
        "oidc-subject",
        claiming({ repository_id: "123456789", ref: "refs/heads/*" }, "StringLike"),
      );

      expect(finding).to.match(/^advisory: .*every branch, tag and pull request/);
    });

    it("reads the claims in any case, and of an enterprise's own issuer", async () => {
      const issuer = `${github}/octo`;
      const trust = role({
        Effect: "Allow",
        Action: "sts:AssumeRoleWithWebIdentity",
        Principal: { Federated: `arn:aws:iam::111122223333:oidc-provider/${issuer}` },
        Condition: {
          StringEquals: {
            [`${issuer}:aud`]: "sts.amazonaws.com",
            [`${issuer}:Repository_ID`]: "123456789",
            [`${issuer}:REF`]: main,
          },
        },
      });

      expect(await findings("oidc-subject", trust)).to.deep.equal([]);
      expect(await findings("unknown-condition-key", trust)).to.deep.equal([]);
    });

    it("reports a claim that STS does not have as a key", async () => {
      const trust = claiming({ ...everything, repositoryid: "123456789" });

      expect(await findings("unknown-condition-key", trust)).to.deep.equal([
        `it: assumeRolePolicy, statement number 1: Condition StringEquals ${github}:repositoryid: STS offers no such key for the provider's tokens. ` +
          "Use a claim that STS offers as a key: actor, actor_id, aud, enterprise_id, environment, job_workflow_ref, ref, repository, repository_id, repository_owner_id, sub and workflow.",
      ]);
    });
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
