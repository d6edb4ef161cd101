import { expect } from "chai";
import { readDocument } from "../../../../policy/iam/document.ts";
import { accepts, keysOf } from "../../../rehearsal/authorizer/web-identity.ts";
import { claimsOf, jobs } from "../../../rehearsal/github-token.ts";

const issuer = "token.actions.githubusercontent.com";
const provider = `arn:aws:iam::000000000000:oidc-provider/${issuer}`;
const sub = "repo:acme@123456/watchdog@456789:environment:production";

function statements(...all: object[]) {
  const document = readDocument(() => ({ Version: "2012-10-17", Statement: all }));
  if (document.kind !== "statements") throw new Error(document.kind);
  return document.statements;
}

const allow = (fields: object) => ({
  Effect: "Allow",
  Action: "sts:AssumeRoleWithWebIdentity",
  Principal: { Federated: provider },
  Condition: { StringEquals: { [`${issuer}:sub`]: sub } },
  ...fields,
});
const where = (claim: string, value: string | string[]) =>
  allow({ Condition: { StringEquals: { [`${issuer}:${claim}`]: value } } });

describe("a trust policy", () => {
  const keys = keysOf(issuer, claimsOf(jobs.up));
  const doesAccept = (...all: object[]) => accepts(statements(...all), provider, keys);

  it("accepts a token with the claims that it asks for", () => {
    expect(doesAccept(allow({}))).to.equal(true);
  });

  for (const [claim, value] of [
    ["aud", "sts.amazonaws.com"],
    ["environment", "production"],
    ["job_workflow_ref", "acme/watchdog/.github/workflows/up.yml@refs/heads/main"],
    ["ref", "refs/heads/main"],
    ["repository", "acme/watchdog"],
    ["repository_id", "456789"],
  ] as const) {
    it(`compares the claim ${claim}`, () => {
      expect(doesAccept(where(claim, ["x", value]))).to.equal(true);
      expect(doesAccept(where(claim, `${value}x`))).to.equal(false);
    });
  }

  for (const [claim, value] of [
    ["workflow_ref", "acme/watchdog/.github/workflows/up.yml@refs/heads/main"],
    ["repository_owner", "acme"],
    ["repository_owner_id", "123456"],
  ] as const) {
    it(`accepts no token by the claim ${claim}, which is no condition key of STS`, () => {
      expect(doesAccept(where(claim, value))).to.equal(false);
    });
  }

  for (const [what, all] of [
    ["another provider", [allow({ Principal: { Federated: `${provider}/x` } })]],
    ["an AWS principal", [allow({ Principal: { AWS: provider } })]],
    ["another action", [allow({ Action: "sts:AssumeRole" })]],
    ["a Deny beside it", [allow({}), allow({ Effect: "Deny" })]],
    ["nothing", []],
  ] as const) {
    it(`does not accept a token by a statement about ${what}`, () => {
      expect(doesAccept(...all)).to.equal(false);
    });
  }

  it("knows the claims of GitHub for GitHub's tokens alone", () => {
    expect(keysOf("example.com", claimsOf(jobs.up))).to.deep.equal({
      "example.com:aud": "sts.amazonaws.com",
      "example.com:sub": sub,
    });
  });
});
