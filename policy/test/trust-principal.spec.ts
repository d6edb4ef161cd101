import { expect } from "chai";
import { findings, isNotApplicable, role, unknown } from "./support.ts";

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

  it("does not apply to other resources", async () => {
    const other = { type: "aws:sns/topic:Topic", props: { assumeRolePolicy: unknown } };

    expect(await isNotApplicable("trust-principal", other)).to.equal(true);
  });
});
