import { expect } from "chai";
import {
  findings,
  isNotApplicable,
  messagesOf,
  type Resource,
  role,
  ruleNamed,
  startPack,
  unknown,
} from "./support.ts";

const lambda = { Service: "lambda.amazonaws.com" };
const root = "arn:aws:iam::111122223333:root";
const trusting = (Principal: unknown) =>
  role({ Effect: "Allow", Action: "sts:AssumeRole", Principal });

describe("trust-principal", () => {
  it("allows exactly one service", async () => {
    expect(await findings("trust-principal", trusting(lambda))).to.deep.equal([]);
  });

  for (const services of [
    ["lambda.amazonaws.com", "edgelambda.amazonaws.com"],
    ["airflow.amazonaws.com", "airflow-env.amazonaws.com"],
    ["redshift.amazonaws.com", "redshift-serverless.amazonaws.com"],
    ["dms.amazonaws.com", "redshift.amazonaws.com"],
    ["autoscaling.amazonaws.com", "gamelift.amazonaws.com"],
    ["codedeploy.us-east-1.amazonaws.com", "codedeploy.eu-west-1.amazonaws.com"],
    ["ec2.amazonaws.com", "ec2.amazonaws.com.cn"],
  ]) {
    it(`allows a group of services that AWS requires in one role: ${services.join(", ")}`, async () => {
      expect(await findings("trust-principal", trusting({ Service: services }))).to.deep.equal([]);
    });
  }

  it("reports one service more than AWS requires", async () => {
    const services = ["lambda.amazonaws.com", "edgelambda.amazonaws.com", "s3.amazonaws.com"];

    expect(await findings("trust-principal", trusting({ Service: services }))).to.deep.equal([
      "it: assumeRolePolicy: Principal Service edgelambda.amazonaws.com, lambda.amazonaws.com and s3.amazonaws.com: each service would have the permissions that the others need. Create a role for each.",
    ]);
  });

  describe("of anyone, with a condition on the caller", () => {
    const connect = "arn:aws:iam::111122223333:role/connect";
    const when = (Condition: object) =>
      role({ Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: "*" }, Condition });

    for (const [principal, Condition] of [
      [connect, { StringLike: { "aws:PrincipalArn": [connect] } }],
      ["111122223333", { StringEquals: { "aws:PrincipalAccount": "111122223333" } }],
      [
        "o-a1b2c3d4e5",
        {
          StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" },
          ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/connect" },
        },
      ],
    ] as const) {
      it(`trusts ${principal}`, async () => {
        const resource = when(Condition);

        expect(await findings("trust-principal", resource)).to.deep.equal([
          `it: assumeRolePolicy, statement number 1: Principal AWS ${principal}: it is not one of the principals that may be trusted. Trust one AWS service instead, or add it to trust-principal.principals in the configuration.`,
        ]);
        expect(
          await findings("trust-principal", resource, { principals: [principal] }),
        ).to.deep.equal([]);
      });
    }

    for (const Condition of [
      { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/connect" } },
      { StringNotEquals: { "aws:PrincipalArn": connect } },
      { StringEqualsIfExists: { "aws:PrincipalArn": connect } },
      { Bool: { "aws:MultiFactorAuthPresent": "true" } },
    ]) {
      it(`trusts anyone with ${JSON.stringify(Condition)}`, async () => {
        expect(await findings("trust-principal", when(Condition))).to.deep.equal([
          "it: assumeRolePolicy, statement number 1: Principal AWS *: anyone may assume the role. Specify the principal that does.",
        ]);
      });
    }
  });

  it("leaves providers of OpenID Connect to oidc-subject", async () => {
    const Federated = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com";

    expect(await findings("trust-principal", trusting({ Federated }))).to.deep.equal([]);
  });

  it("names resource, statement, principal, reason and fix", async () => {
    expect(await findings("trust-principal", trusting({ AWS: root }))).to.deep.equal([
      `it: assumeRolePolicy, statement number 1: Principal AWS ${root}: it is not one of the principals that may be trusted. ` +
        "Trust one AWS service instead, or add it to trust-principal.principals in the configuration.",
    ]);
  });

  for (const allowed of [root, "111122223333"]) {
    it(`lets an account pass that the configuration lists as ${allowed}`, async () => {
      const settings = { principals: [allowed] };

      expect(await findings("trust-principal", trusting({ AWS: root }), settings)).to.deep.equal(
        [],
      );
    });
  }

  it("reports another account than the one that is listed", async () => {
    const settings = { principals: ["444455556666"] };

    expect(await findings("trust-principal", trusting({ AWS: root }), settings)).to.have.length(1);
  });

  for (const Principal of [
    "*",
    { AWS: "*" },
    { AWS: "arn:aws:iam::*:root" },
    { Service: "*" },
    { Service: ["lambda.amazonaws.com", "ec2.amazonaws.com"] },
    { Service: "lambda.amazonaws.com.evil.example" },
    { Federated: "arn:aws:iam::111122223333:saml-provider/corporate" },
    { Federated: "arn:aws:iam::111122223333:root" },
    { Federated: "111122223333" },
    { S3cr3t: "arn:aws:iam::111122223333:root" },
    {},
  ]) {
    it(`reports the principal ${JSON.stringify(Principal)}`, async () => {
      expect(await findings("trust-principal", trusting(Principal))).to.have.length(1);
    });
  }

  it("reports a wildcard even where the configuration lists it", async () => {
    expect(
      await findings("trust-principal", trusting({ AWS: "*" }), { principals: ["*"] }),
    ).to.have.length(1);
  });

  it("checks each verb of assuming a role", async () => {
    const trust = role({ Effect: "Allow", Action: "sts:AssumeRoleWithSAML", Principal: "*" });

    expect(await findings("trust-principal", trust)).to.have.length(1);
  });

  it("leaves an unknown document to unknown-document", async () => {
    const trust = { type: "aws:iam/role:Role", props: { assumeRolePolicy: unknown } };

    expect(await findings("trust-principal", trust)).to.deep.equal([]);
  });

  describe("with principals of the stack", () => {
    /** What the pack reports of a program that creates these, one after the other. */
    const found = async (...resources: Resource[]) => {
      const pack = startPack({ rules: [ruleNamed("trust-principal")] });
      const before = [];
      for (const it of resources) before.push(...(await pack.analyze(it)).verdicts);
      const after = (await pack.analyzeStack(resources)).verdicts;
      return { before: messagesOf(before), after: messagesOf(after) };
    };
    const account = (id?: string): Resource => ({
      type: "aws:organizations/account:Account",
      name: "shop",
      props: {
        email: "aws-shop@example.com",
        arn: id ? `arn:aws:organizations::999988887777:account/o-a1b2c3d4e5/${id}` : unknown,
      },
    });
    const one = (type: "role" | "user", arn?: string): Resource => ({
      type: type === "role" ? "aws:iam/role:Role" : "aws:iam/user:User",
      name: "deployer",
      props: {
        name: "deployer",
        path: "/ci/",
        ...(type === "role" && trusting(lambda).props),
        arn: arn ?? unknown,
      },
    });
    const deployer = (type: "role" | "user", id = "111122223333") =>
      `arn:aws:iam::${id}:${type}/ci/deployer`;
    const finding = (principal: string) =>
      `it: assumeRolePolicy, statement number 1: Principal AWS ${principal}: it is not one of the principals that may be trusted. Trust one AWS service instead, or add it to trust-principal.principals in the configuration.`;
    const nothing = { before: [], after: [] };

    it("trusts an account that the stack creates", async () => {
      const own = account("111122223333");

      expect(await found(own, trusting({ AWS: root }))).to.deep.equal(nothing);
      expect(await found(own, trusting({ AWS: "111122223333" }))).to.deep.equal(nothing);
    });

    it("reports another account, once the id of the stack's account is known", async () => {
      expect(await found(account("444455556666"), trusting({ AWS: root }))).to.deep.equal({
        before: [],
        after: [finding(root)],
      });
    });

    it("reports an account that is known before that of the stack exists", async () => {
      expect((await found(account(), trusting({ AWS: root }))).after).to.deep.equal([
        finding(root),
      ]);
    });

    for (const type of ["role", "user"] as const) {
      it(`trusts a ${type} that the stack creates`, async () => {
        const trust = trusting({ AWS: deployer(type) });

        expect(await found(one(type), trust)).to.deep.equal(nothing);
        expect(await found(one(type, deployer(type)), trust)).to.deep.equal(nothing);
      });

      it(`reports a ${type} of the same name in another account`, async () => {
        const other = deployer(type, "444455556666");

        expect(await found(one(type, deployer(type)), trusting({ AWS: other }))).to.deep.equal({
          before: [],
          after: [finding(other)],
        });
      });
    }

    it("reports others before the role is created", async () => {
      const other = "arn:aws:iam::111122223333:role/deployer";

      expect(await found(one("role"), trusting({ AWS: other }))).to.deep.equal({
        before: [finding(other)],
        after: [],
      });
    });

    it("reports everyone before the role is created", async () => {
      const { before, after } = await found(account(), trusting({ AWS: "*" }));

      expect([before.length, after.length]).to.deep.equal([1, 0]);
    });
  });

  it("does not apply to other resources", async () => {
    const other = { type: "aws:sns/topic:Topic", props: { assumeRolePolicy: unknown } };

    expect(await isNotApplicable("trust-principal", other)).to.equal(true);
  });
});
