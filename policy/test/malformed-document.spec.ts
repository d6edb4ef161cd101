import { expect } from "chai";
import { component, documentOf, stackFindings, unknown } from "./support.ts";

/** What the rule unknown-document says of a policy with this document. */
function problemsOf(policy: unknown): Promise<string[]> {
  return stackFindings("unknown-document", [
    { type: "aws:iam/rolePolicy:RolePolicy", props: { policy } },
  ]);
}

const malformed = (problem: string) => [
  `it: unreadable policy: ${problem}. Write an IAM policy document.`,
];

const arn = "arn:aws:sns:us-east-1:111122223333:topic";
const plain = `"Effect":"Allow","Resource":"${arn}"`;

describe("unknown-document of a document with an element twice", () => {
  for (const [title, text, shown] of [
    ["in the document", '{"Statement":[],"Statement":[]}', " (Statement)"],
    [
      "in a statement",
      `{"Statement":[{${plain},"Action":"*","Action":"sns:Publish"}]}`,
      " (Action)",
    ],
    [
      "in a statement that is not in a list",
      `{"Statement":{${plain},"Action":"*","Action":"sns:Publish"}}`,
      " (Action)",
    ],
    [
      "in a principal",
      `{"Statement":[{${plain},"Action":"sns:Publish","Principal":{"AWS":"*","AWS":"111122223333"}}]}`,
      " (AWS)",
    ],
    [
      "among operators",
      `{"Statement":[{${plain},"Action":"sns:Publish","Condition":{"StringLike":{},"StringLike":{}}}]}`,
      " (StringLike)",
    ],
    [
      "among keys",
      `{"Statement":[{${plain},"Action":"sns:Publish","Condition":{"StringLike":{"aws:SourceArn":"*","aws:SourceArn":"${arn}"}}}]}`,
      " (aws:SourceArn)",
    ],
    [
      "in another case",
      `{"Statement":[{${plain},"Action":"sns:Publish","Condition":{"StringLike":{"aws:SourceArn":"*","AWS:SourceARN":"${arn}"}}}]}`,
      " (AWS:SourceARN)",
    ],
    [
      "behind an escape",
      `{"Statement":[{${plain},"Action":"*","Act\\u0069on":"sns:Publish"}]}`,
      " (Action)",
    ],
    ["where no element has it", '{"Statement":[],"Other":[[{"a\\"b":1,"a\\"b":2}]]}', ""],
    ["as a member of every object", '{"__proto__":1,"Statement":[],"__proto__":2}', ""],
  ] as const) {
    it(`refuses one ${title}`, async () => {
      expect(await problemsOf(text)).to.deep.equal(malformed(`it has a duplicate element${shown}`));
    });
  }

  it("accepts the same name in several objects, and as a value", async () => {
    const text = `{"Version":"2012-10-17","Statement":[{"Sid":"A",${plain},"Action":"sns:Publish"},{"Sid":"Action",${plain},"Action":["sns:Publish","Action"],"Condition":{"StringLike":{"aws:SourceArn":["{\\"Action\\":1,\\"Action\\":2}","x"]},"ArnLike":{"aws:SourceArn":"x"}}}]}`;

    expect(await problemsOf(text)).to.deep.equal([]);
  });

  it("refuses one in an object, and in grants, whose names differ only in case", async () => {
    const statement = { Effect: "Allow", Resource: arn, Action: "*", action: "sns:Publish" };
    const grant = {
      sid: "One",
      actions: ["sns:Publish"],
      resources: [unknown],
      conditions: { StringLike: { "aws:SourceArn": "*", "AWS:SourceArn": arn } },
    };

    expect(await problemsOf({ Statement: [statement] })).to.deep.equal(
      malformed("it has a duplicate element (action)"),
    );
    const [found, ...others] = await stackFindings("unknown-document", [component(grant)]);
    expect(found).to.match(
      /^component: unreadable grants: it has a duplicate element \(aws:SourceArn\)\./i,
    );
    expect(others).to.deep.equal([]);
  });
});

describe("unknown-document of a document beyond the limits", () => {
  it("refuses one that is too long for AWS", async () => {
    const text = `{"Statement":[]${" ".repeat(256 * 1024)}}`;

    expect(await problemsOf(text)).to.deep.equal(
      malformed("it has more than 262144 characters, and AWS accepts no document of that length"),
    );
  });

  it("refuses one that is nested too deep, as text and as an object", async () => {
    const lists = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    let object: unknown = "x";
    for (let depth = 0; depth < 33; depth++) object = { Statement: object };

    for (const document of [`{"Statement":${lists}}`, JSON.stringify(object), object]) {
      expect(await problemsOf(document)).to.deep.equal(
        malformed("it is nested deeper than 32 objects and lists"),
      );
    }
  });

  it("refuses a statement whose actions and resources make too many pairs", async () => {
    const actions = Array(101).fill("sns:Publish");
    const resources = Array.from({ length: 100 }, (_, index) => `${arn}${index}`);
    const document = documentOf({ Effect: "Allow", Action: actions, Resource: resources });

    expect(await problemsOf(document)).to.deep.equal(
      malformed("statement 1 has more than 10000 pairs of an action and a resource"),
    );
  });

  it("does not count what AWS accepts", async () => {
    const statements = Array.from({ length: 60 }, (_, index) => ({
      Sid: `S${index}`,
      Effect: "Allow",
      Action: ["sns:Publish", "sns:Subscribe"],
      Resource: [`${arn}${index}`],
    }));

    expect(await problemsOf(documentOf(...statements))).to.deep.equal([]);
  });
});
