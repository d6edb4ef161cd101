import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Ended } from "../../../sandbox/engine/checkout.ts";
import {
  createUserCheckout,
  startTestEnvironment,
  type TestEnvironment,
} from "../../../sandbox/test-environment.ts";

const instanceArn = "arn:aws:ec2:us-east-1:000000000000:instance/i-0123456789abcdef0";
const roleName = "aws:iam/role:Role role";
const reviewedGrants = grantsOf("ec2:RebootInstances");
export const widerGrants = grantsOf("ec2:RebootInstances", "ec2:TerminateInstances");

function grantsOf(...actions: string[]): string {
  return JSON.stringify({
    [roleName]: Object.fromEntries(actions.map((action) => [action, [instanceArn]])),
  });
}

export const waiver = {
  rule: "star-resource",
  type: "aws:iam/rolePolicy:RolePolicy",
  name: "policy",
  finding: "policy, statement Reboot: Resource * with ec2:RebootInstances",
  reason: "Not reviewed by anybody.",
  owner: "the program itself",
  expires: "2999-12-31",
};

export const disabled = { enforcementLevel: "disabled" };
export const config = {
  // A role and its policy are no whole stack.
  "foreign-arn": disabled,
  "unused-role": disabled,
  "grants-file": { file: "grants.lock.json" },
  waivers: { file: "policy-waivers.json" },
};

/** A role with these actions on a resource. */
export function programWith(actions: readonly string[], resource = instanceArn): string {
  const statement = { Sid: "Reboot", Effect: "Allow", Action: actions, Resource: resource };
  const trust = {
    Effect: "Allow",
    Principal: { Service: "lambda.amazonaws.com" },
    Action: "sts:AssumeRole",
  };
  const document = (it: object) => JSON.stringify({ Version: "2012-10-17", Statement: [it] });
  return `
    import * as aws from "@pulumi/aws";
    const role = new aws.iam.Role("role", { assumeRolePolicy: ${JSON.stringify(document(trust))} });
    new aws.iam.RolePolicy("policy", {
      role: role.name,
      policy: ${JSON.stringify(document(statement))},
    });
  `;
}

/** The first statements of a program: they write a file of the project, and put it back at the end. */
export function rewrites(file: string, content: string): string {
  return `
    const { readFileSync, writeFileSync } = require("node:fs");
    const path = ${JSON.stringify(file)};
    const before = readFileSync(path);
    writeFileSync(path, ${JSON.stringify(content)});
    process.on("exit", () => writeFileSync(path, before));
  `;
}

export const withPack =
  "--policy-pack reboot-automation/policy/bin/pack.js --policy-pack-config policy-config.json";

/** A project with this repository as a folder, in which programs rewrite what they are checked against. */
export interface Shop {
  readonly environment: TestEnvironment;
  readonly project: string;
  write(name: string, content: string): void;
  /** Runs a line of shell in the project. */
  run(line: string): Promise<Ended>;
  /** A program of this code, with files that somebody reviewed; `main` is where Pulumi.yaml says it is. */
  setUp(program: { code: string; main?: string }): void;
}

export async function startShop(): Promise<Shop> {
  const environment = await startTestEnvironment();
  const project = join(environment.folder, "shop");
  const packFolder = createUserCheckout(environment, {
    folder: join(project, "reboot-automation"),
  });
  const write = (name: string, content: string) => {
    mkdirSync(join(project, "source"), { recursive: true });
    writeFileSync(join(project, name), content);
  };
  const shop: Shop = {
    environment,
    project,
    write,
    run: (line) => packFolder.run(`cd .. && ${line}`),
    setUp({ code, main = "." }) {
      write("Pulumi.yaml", `name: shop\nruntime: nodejs\nmain: ${main}\n`);
      write("tsconfig.json", JSON.stringify({ compilerOptions: { noCheck: true } }));
      write(join(main, "index.ts"), code);
      write("grants.lock.json", reviewedGrants);
      write("policy-waivers.json", "[]");
    },
  };
  write("package.json", JSON.stringify({ name: "shop" }));
  write("policy-config.json", JSON.stringify(config));
  shop.setUp({ code: programWith(["ec2:RebootInstances"]) });
  await shop.run("pulumi stack init dev && pulumi config set aws:region us-east-1");
  return shop;
}
