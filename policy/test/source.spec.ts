import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import {
  allow,
  environment,
  policy as functionPolicy,
  lambda,
  ownLog,
  role,
  topic,
  topicArn,
} from "./function-stack.ts";
import { documentOf, type Resource, rolePolicy, ruleNamed, startPack } from "./support.ts";

interface Region {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

interface Fix {
  readonly artifactChanges: readonly {
    readonly artifactLocation: { readonly uri: string };
    readonly replacements: readonly {
      readonly deletedRegion: Region;
      readonly insertedContent: { readonly text: string };
    }[];
  }[];
}

interface Result {
  readonly locations: readonly {
    readonly physicalLocation: {
      readonly artifactLocation: { readonly uri: string };
      readonly region: { readonly startLine: number };
    };
  }[];
  readonly fixes?: readonly Fix[];
  readonly properties: { readonly replacement?: readonly object[] };
}

function resultsIn(folder: string): Result[] {
  return JSON.parse(readFileSync(join(folder, "findings.sarif"), "utf8")).runs[0].results;
}

const wide = {
  Sid: "Tell",
  Effect: "Allow",
  Action: "sns:Publ*",
  Resource: "arn:aws:sns:us-east-1:111122223333:alerts",
};
const replacement = {
  Sid: "Tell",
  Effect: "Allow",
  Action: ["sns:Publish"],
  Resource: ["arn:aws:sns:us-east-1:111122223333:alerts"],
};
const policy: Resource = { ...rolePolicy(wide), name: "worker" };

describe("the program's source", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "source-"));
    write("Pulumi.yaml", "name: test\nruntime: nodejs\n");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function write(path: string, text: string): void {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }

  async function resultOf(resource: Resource, start = ".", rule = "star-action"): Promise<Result> {
    const pack = startPack({
      rules: [ruleNamed(rule)],
      settings: { sarif: { file: "findings.sarif" } },
      folder,
      environment: { PWD: join(folder, start) },
    });
    for (let it = resource.parent; it; it = it.parent) await pack.analyze(it);
    await pack.analyze(resource);
    const [result, ...others] = resultsIn(folder);
    expect(others).to.deep.equal([]);
    return result as Result;
  }

  async function placeOf(resource: Resource, start?: string): Promise<string> {
    const { physicalLocation } = (await resultOf(resource, start)).locations[0] ?? {};
    return `${physicalLocation?.artifactLocation.uri}:${physicalLocation?.region.startLine}`;
  }

  describe("shows where a resource is created", () => {
    for (const [what, text, expected] of [
      ["by a class of a package", 'new aws.iam.RolePolicy("worker", {});', "index.ts:3"],
      ["by an imported class", "export const it = new RolePolicy('worker', {});", "index.ts:3"],
      ["with its name in a line below", "new RolePolicy(\n  `worker`, {});", "index.ts:3"],
      ["nowhere, with a computed name", "new RolePolicy(`${name}-policy`, {});", "Pulumi.yaml:1"],
      ["nowhere, with another class", 'new UserPolicy("worker", {});', "Pulumi.yaml:1"],
      ["nowhere, with a class that only ends so", 'new MyRolePolicy("worker");', "Pulumi.yaml:1"],
      ["nowhere, in a comment", '// new RolePolicy("worker", {});', "Pulumi.yaml:1"],
      ["nowhere, in a string", "log('new RolePolicy(\"worker\", {})');", "Pulumi.yaml:1"],
      [
        "nowhere, where two calls could create it",
        'new RolePolicy("worker", {});\nnew aws.RolePolicy("worker", {});',
        "Pulumi.yaml:1",
      ],
      ["in TypeScript", 'const a = b! as C<D>;\nnew RolePolicy("worker");', "index.ts:4"],
    ] as const) {
      it(what, async () => {
        write("index.ts", `import "other";\n\n${text}\n`);

        expect(await placeOf(policy)).to.equal(expected);
      });
    }

    it("in another file of the project", async () => {
      write("a b/policies.js", 'new aws.iam.RolePolicy("worker", {});');

      expect(await placeOf(policy)).to.equal("a%20b/policies.js:1");
    });

    it("in no package, hidden folder, type declaration or other project", async () => {
      const call = 'new aws.iam.RolePolicy("worker", {});';
      for (const path of ["node_modules/a/a.js", ".sst/a.ts", "a.d.ts", "b/index.ts"]) {
        write(path, call);
      }
      write("b/Pulumi.yaml", "name: b");

      expect(await placeOf(policy)).to.equal("Pulumi.yaml:1");
    });

    it("relative to the repository, from a folder of the project", async () => {
      mkdirSync(join(folder, ".git"));
      write("deploy/Pulumi.yaml", "name: test");
      write("deploy/src/index.ts", 'new aws.iam.RolePolicy("worker", {});');

      expect(await placeOf(policy, "deploy/src")).to.equal("deploy/src/index.ts:1");
      expect(await placeOf({ ...policy, name: "other" }, "deploy")).to.equal(
        "deploy/Pulumi.yaml:1",
      );
    });

    it("in a program of SST", async () => {
      rmSync(join(folder, "Pulumi.yaml"));
      write("sst.config.ts", '\n\nnew aws.iam.RolePolicy("worker", {});');

      expect(await placeOf(policy)).to.equal("sst.config.ts:3");
      expect(await placeOf({ ...policy, name: "other" })).to.equal("sst.config.ts:1");
    });

    it("by the component that creates it", async () => {
      const outer: Resource = {
        type: "shop:index:Shop",
        name: "shop",
        urn: "urn:pulumi:dev::test::shop:index:Shop::shop",
        props: {},
      };
      const inner: Resource = {
        type: "shop:index:Orders",
        name: "shop-orders",
        urn: "urn:pulumi:dev::test::shop:index:Shop$shop:index:Orders::shop-orders",
        props: {},
        parent: outer,
      };
      write("index.ts", '\nnew Shop("shop");');
      write("orders.ts", "new aws.iam.RolePolicy(`${name}-policy`, {});");

      expect(await placeOf({ ...policy, parent: inner })).to.equal("index.ts:2");
    });

    it("nowhere, in a file that cannot be read as code", async () => {
      write("index.ts", '@decorated\nclass A {}\nnew aws.iam.RolePolicy("worker", {});');

      expect(await placeOf(policy)).to.equal("Pulumi.yaml:1");
    });
  });

  describe("is fixed", () => {
    /** The file after the fix; undefined if there is none. */
    async function fixed(resource: Resource, text: string, rule?: string) {
      write("index.ts", text);
      const result = await resultOf(resource, ".", rule);
      expect(result.properties.replacement).not.to.equal(undefined);
      const [fix] = result.fixes ?? [];
      if (!fix) return undefined;
      const [change] = fix.artifactChanges;
      expect(change?.artifactLocation.uri).to.equal("index.ts");
      const lines = text.split("\n");
      const indexOf = (line: number, column: number) =>
        lines.slice(0, line - 1).reduce((sum, it) => sum + it.length + 1, 0) + column - 1;
      const edits = [...(change?.replacements ?? [])].reverse();
      return edits.reduce((all, { deletedRegion: it, insertedContent }) => {
        const start = indexOf(it.startLine, it.startColumn);
        const end = indexOf(it.endLine, it.endColumn);
        return all.slice(0, start) + insertedContent.text + all.slice(end);
      }, text);
    }

    const program = (document: string) =>
      `const topic: Topic = make();\nnew aws.iam.RolePolicy("worker", {\n  role,\n  policy: ${document},\n});\n`;

    for (const [what, before, after] of [
      [
        "in JSON.stringify",
        `JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      // Only this topic.
      { Sid: "Tell", Effect: "Allow", Action: "sns:Publ*", Resource: "arn:aws:sns:us-east-1:111122223333:alerts" },
    ],
  })`,
        `JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      // Only this topic.
      { Sid: "Tell", Effect: "Allow", Action: ["sns:Publish"], Resource: "arn:aws:sns:us-east-1:111122223333:alerts" },
    ],
  })`,
      ],
      [
        "in an object, next to a computed ARN",
        '{ Statement: { Sid: "Tell", Effect: "Allow", Action: ["sns:Publ*"], Resource: topic.arn } }',
        '{ Statement: { Sid: "Tell", Effect: "Allow", Action: ["sns:Publish"], Resource: topic.arn } }',
      ],
      [
        "in pulumi.jsonStringify",
        'pulumi.jsonStringify({ Statement: [{ "Sid": `Tell`, "Effect": "Allow", "Action": "sns:Publ*", "Resource": [topic.arn] }] })',
        'pulumi.jsonStringify({ Statement: [{ "Sid": `Tell`, "Effect": "Allow", "Action": ["sns:Publish"], "Resource": [topic.arn] }] })',
      ],
    ] as const) {
      it(what, async () => {
        expect(await fixed(policy, program(before))).to.equal(program(after));
      });
    }

    it("as two statements, if all is literal", async () => {
      const mixed = {
        ...policy,
        props: {
          policy: documentOf({
            Sid: "Tell",
            Effect: "Allow",
            Action: ["sns:Publish", "sns:ListTopics"],
            Resource: ["arn:aws:sns:us-east-1:111122223333:alerts", "*"],
          }),
        },
      };
      const text = program(`JSON.stringify({
    Statement: [{
      Sid: "Tell", Effect: "Allow", Action: ["sns:Publish", "sns:ListTopics"],
      Resource: ["arn:aws:sns:us-east-1:111122223333:alerts", "*"],
    }],
  })`);

      expect(await fixed(mixed, text, "star-resource")).to.equal(
        program(`JSON.stringify({
    Statement: [{
      "Sid": "Tell",
      "Effect": "Allow",
      "Action": [
        "sns:Publish"
      ],
      "Resource": [
        "arn:aws:sns:us-east-1:111122223333:alerts"
      ]
    },
    {
      "Sid": "TellEverywhere",
      "Effect": "Allow",
      "Action": [
        "sns:ListTopics"
      ],
      "Resource": [
        "*"
      ]
    }],
  })`),
      );
    });

    it("in the resource that has the statement, where the finding is about its role", async () => {
      const statement = allow("Tell", ["sns:Publish", "sns:Subscribe"], topicArn("alerts"));
      const before = `new RolePolicy("policy", { policy: { Statement: [
  { Sid: "Tell", Effect: "Allow", Action: ["sns:Publish", "sns:Subscribe"], Resource: alerts.arn },
  log,
] } });`;
      write("policies.ts", before);
      write("index.ts", 'new aws.iam.Role("role", {});');
      const pack = startPack({
        rules: [ruleNamed("unused-grant")],
        settings: { sarif: { file: "findings.sarif" } },
        folder,
        environment: { PWD: folder },
      });
      const alerts = topic("alerts");
      const worker = lambda(environment({ TOPIC_ARN: topicArn("alerts") }, alerts));

      await pack.analyze(role);
      await pack.analyzeStack([role, alerts, worker, functionPolicy(statement, ownLog)]);

      const [result] = resultsIn(folder);
      expect(result?.locations[0]?.physicalLocation.artifactLocation.uri).to.equal("index.ts");
      expect(result?.fixes?.[0]?.artifactChanges).to.deep.equal([
        {
          artifactLocation: { uri: "policies.ts" },
          replacements: [
            {
              deletedRegion: { startLine: 2, startColumn: 43, endLine: 2, endColumn: 75 },
              insertedContent: { text: '["sns:Publish"]' },
            },
          ],
        },
      ]);
    });

    const statement = '{ Sid: "Tell", Effect: "Allow", Action: "sns:Publ*", Resource: topic.arn }';
    for (const [what, document] of [
      ["with a computed action", statement.replace('"sns:Publ*"', "actions")],
      ["with another action", statement.replace("sns:Publ*", "sns:P*")],
      ["with another Sid", statement.replace("Tell", "Say")],
      ["with a computed effect", statement.replace('"Allow"', "effect")],
      ["with spread elements", statement.replace("{", "{ ...common,")],
      ["with a second element of the name", statement.replace("{", '{ Action: "sns:*",')],
      ["with a statement more", `${statement}, ${statement}`],
      ["with spread statements", `${statement}, ...others`],
      ["with syntax of TypeScript", `${statement} as const`],
      ["that a function makes", `allow(${statement})`],
    ] as const) {
      it(`not where the program has a statement ${what}`, async () => {
        const text = program(`JSON.stringify({ Statement: [${document}] })`);

        expect(await fixed(policy, text)).to.equal(undefined);
      });
    }

    for (const [what, text] of [
      ["in a variable", 'new aws.iam.RolePolicy("worker", { policy: document });'],
      [
        "in arguments that are spread",
        `new RolePolicy("worker", { policy: { Statement: [${statement}] }, ...others });`,
      ],
      [
        "changed by a function",
        `new RolePolicy("worker", { policy: change({ Statement: [${statement}] }) });`,
      ],
      [
        "of a resource that is created twice",
        `new RolePolicy("worker", { policy: { Statement: [${statement}] } });`.repeat(2),
      ],
    ] as const) {
      it(`not with a document ${what}`, async () => {
        expect(await fixed(policy, text)).to.equal(undefined);
      });
    }

    it("in any case by the statements in the finding's properties", async () => {
      expect((await resultOf(policy)).properties.replacement).to.deep.equal([replacement]);
    });
  });
});
