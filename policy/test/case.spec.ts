import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { loadProgram } from "../../sandbox/engine/program.ts";
import { findings, policyFolder, role, rolePolicy, stackFindings } from "./support.ts";

const { lowerCase } = loadProgram<typeof import("../iam/case.ts")>("policy/iam/case.ts");

/** JavaScript's toLowerCase() makes an ASCII letter of it; AWS does not. */
const kelvin = "\u212a";
const arn = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

describe("lowerCase", () => {
  it("changes the letters A to Z and nothing else", () => {
    expect(lowerCase(`AZaz09-\u0130\u017f\u00c4${kelvin}`)).to.equal(
      `azaz09-\u0130\u017f\u00c4${kelvin}`,
    );
  });

  it("is the only place of the pack that changes case, and no expression folds Unicode", () => {
    for (const file of globSync("**/*.ts", { cwd: policyFolder })) {
      if (/^(bin|node_modules|test|bench|comparison)\//.test(file) || file === "iam/case.ts")
        continue;
      const text = readFileSync(join(policyFolder, file), "utf8");
      const found = text.match(
        /\.toLowerCase\(|\.toLocale\w+Case\(|localeCompare|\/[gimsuy]*i[gimsuvy]*[uv]\b/g,
      );
      expect(found, file).to.equal(null);
    }
  });
});

describe("letters that only look like ASCII", () => {
  it("make an action unknown, also one with a wildcard", async () => {
    for (const action of [`${kelvin}MS:Decrypt`, `kms:Revo${kelvin}eGrant`, `kms:*${kelvin}ey*`]) {
      const policy = rolePolicy({ Effect: "Allow", Action: action, Resource: arn });

      const found = await findings("unknown-action", policy);

      expect(found, action).to.have.length(1);
      expect(found[0]).to.include("there is no such action");
    }
  });

  it("make a condition key unknown", async () => {
    const policy = rolePolicy({
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: arn,
      Condition: { StringEquals: { [`${kelvin}ms:ViaService`]: "s3.us-east-1.amazonaws.com" } },
    });

    const [found] = await findings("unknown-condition-key", policy);

    expect(found).to.include("there is no such key");
  });

  it("do not make a Deny of what is allowed", async () => {
    const owner = { ...role({}), name: "role", props: { name: "role" } };
    const policy = rolePolicy({});
    policy.props.role = "role";
    policy.props.policy = JSON.stringify({
      Statement: [
        { Effect: "Allow", Action: "iam:CreateAccessKey", Resource: "*" },
        { Effect: "Deny", Action: `iam:CreateAccess${kelvin}ey`, Resource: "*" },
      ],
    });

    const found = await stackFindings("privilege-escalation", [owner, policy]);

    expect(found).to.have.length(1);
    expect(found[0]).to.include("iam-002 by iam:CreateAccessKey: it can act as another user");
  });
});
