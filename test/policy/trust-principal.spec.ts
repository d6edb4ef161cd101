import { expect } from "chai";
import { findings, role, unknown } from "./support.ts";

const lambda = { Service: "lambda.amazonaws.com" };

describe("trust-principal", () => {
  it("lets exactly one service pass", async () => {
    const trust = role({ Effect: "Allow", Action: "sts:AssumeRole", Principal: lambda });

    expect(await findings("trust-principal", trust)).to.deep.equal([]);
  });

  it("names resource, property, principal and fix", async () => {
    const Principal = { AWS: "arn:aws:iam::111122223333:root" };
    const trust = role({ Effect: "Allow", Action: "sts:AssumeRole", Principal });

    expect(await findings("trust-principal", trust)).to.deep.equal([
      "it: assumeRolePolicy: AWS arn:aws:iam::111122223333:root may assume the role. Trust one AWS service only.",
    ]);
  });

  for (const Principal of [
    "*",
    { AWS: "*" },
    { Service: "*" },
    { Service: ["lambda.amazonaws.com", "ec2.amazonaws.com"] },
    { Service: "lambda.amazonaws.com.evil.example" },
    { Federated: "cognito-identity.amazonaws.com" },
    { CanonicalUser: "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be" },
    {},
  ]) {
    it(`reports the principal ${JSON.stringify(Principal)}`, async () => {
      const trust = role({ Effect: "Allow", Action: "sts:AssumeRole", Principal });

      expect(await findings("trust-principal", trust)).to.have.length(1);
    });
  }

  it("reports NotPrincipal", async () => {
    const trust = role({ Effect: "Allow", Action: "sts:AssumeRole", NotPrincipal: lambda });

    expect(await findings("trust-principal", trust)).to.have.length(1);
  });

  it("reports a document that is not JSON", async () => {
    const trust = { type: "aws:iam/role:Role", props: { assumeRolePolicy: "lambda" } };

    expect(await findings("trust-principal", trust)).to.have.length(1);
  });

  it("reports an unknown document", async () => {
    const trust = { type: "aws:iam/role:Role", props: { assumeRolePolicy: unknown } };

    expect(await findings("trust-principal", trust)).to.deep.equal([
      "it: assumeRolePolicy is not known before deployment. Write the trusted service as literal text.",
    ]);
  });

  it("does not apply to other resources", async () => {
    const other = { type: "aws:sns/topic:Topic", props: { assumeRolePolicy: unknown } };

    expect(await findings("trust-principal", other)).to.deep.equal([]);
  });
});
