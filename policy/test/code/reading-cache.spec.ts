import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { loadProgram } from "../../../sandbox/engine/program.ts";
import type { Calls } from "../../code/calls.ts";
import type { PackageCode, SourceFile } from "../../code/language.ts";

const { openReadingCache } = loadProgram<typeof import("../../code/reading-cache.ts")>(
  "policy/code/reading-cache.ts",
);
const { callsOf } = loadProgram<typeof import("../../code/calls.ts")>("policy/code/calls.ts");
const { javascript } = loadProgram<typeof import("../../code/javascript/javascript.ts")>(
  "policy/code/javascript/javascript.ts",
);
const { CodeBudget } = loadProgram<typeof import("../../code/budget.ts")>("policy/code/budget.ts");

const text = `
  const { GetItemCommand } = require("@aws-sdk/client-dynamodb");
  const { PublishCommand } = require("@aws-sdk/client-sns");
  new GetItemCommand({ TableName: "a-secret-name" });
  new PublishCommand({ TopicArn: process.env.A_VARIABLE });
  new PublishCommand({ TopicArn: "arn:aws:sns:us-east-1:111122223333:a-secret-topic" });
`;
const limits = { fileBytes: 1 };

function codeOf(files: readonly SourceFile[], handler?: string): PackageCode {
  return { language: javascript, files, handler };
}

describe("the cache of what is found in code", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "readings-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const open = (...versions: string[]) => {
    const cache = openReadingCache({ folder, versions });
    if (!cache) throw new Error("there is no cache");
    return cache;
  };
  const files = [{ path: "index.js", text }];
  const code = codeOf(files, "index.handler");
  const read = () => callsOf(code, new CodeBudget());
  const entry = () => join(folder, readdirSync(folder)[0] ?? "");

  it("gives back what was found in the same files", async () => {
    const calls = await read();
    open("1").set(code, limits, calls);

    expect(open("1").get(code, limits)).to.deep.equal(calls);
    expect(calls.calls.map(({ names }) => names)).to.deep.equal([["a-secret-name"], [], []]);
  });

  it("has no entry for other files, paths, handlers, versions or limits", async () => {
    open("1").set(code, limits, await read());

    const changed = [{ path: "index.js", text: `${text} ` }];
    const moved = [{ path: "other.js", text }];
    const split = [{ path: "index.js", text: "" }, ...files];
    for (const other of [changed, moved, split]) {
      expect(open("1").get(codeOf(other, "index.handler"), limits)).to.equal(undefined);
    }
    expect(open("1").get(codeOf(files, "index.other"), limits)).to.equal(undefined);
    expect(open("2").get(code, limits)).to.equal(undefined);
    expect(open("1").get(code, { fileBytes: 2 })).to.equal(undefined);
  });

  it("keeps no text of the code, and lets no other user read it", async () => {
    open("1").set(code, limits, await read());

    const kept = readFileSync(entry(), "utf8");
    expect(kept).not.to.match(/secret|VARIABLE|TableName|111122223333/);
    expect(kept).to.include("dynamodb:GetItem");
    expect(readdirSync(folder)).to.have.length(1);
  });

  it("does not keep a call with a string that the code does not contain as it is", () => {
    const calls: Calls = {
      calls: [
        {
          name: "x",
          needs: [],
          mayUse: [],
          variables: ["NOT_THERE"],
          arns: [],
          names: [],
          where: "",
        },
      ],
      unresolved: [],
      caveats: [],
    };
    open("1").set(code, limits, calls);

    expect(readdirSync(folder)).to.deep.equal([]);
  });

  it("has no entry for other files in a zip file, variables, or modules of layers", async () => {
    const packed = codeOf([{ path: "index.js", text, digest: "1" }]);
    open("1").set(packed, limits, await read());

    for (const other of [
      codeOf([{ path: "index.js", text, digest: "2" }]),
      codeOf([{ path: "index.js", text }]),
      { ...packed, listed: ["fast.so"] },
      { ...packed, variables: { DD_LAMBDA_HANDLER: "app.handler" } },
      { ...packed, layerModules: ["aws_lambda_powertools"] },
    ]) {
      expect(open("1").get(other, limits)).to.equal(undefined);
    }
    expect(open("1").get({ ...packed }, limits)).to.deep.equal(await read());
  });

  it("unpacks of known code only the files with strings of the entry", async () => {
    const unpacked: string[] = [];
    const packed = (path: string, content: string): SourceFile => ({
      path,
      digest: path,
      get text() {
        unpacked.push(path);
        return content;
      },
    });
    const packedCode = codeOf([packed("a-library.js", "1;"), packed("index.js", text)]);
    open("1").set(packedCode, limits, await read());
    unpacked.length = 0;

    expect(open("1").get(packedCode, limits)).to.deep.equal(await read());
    expect(new Set(unpacked)).to.deep.equal(new Set(["index.js"]));
  });

  for (const [what, damage] of [
    ["is cut off", () => writeFileSync(entry(), readFileSync(entry()).subarray(0, 200))],
    [
      "was changed",
      () => {
        const kept = readFileSync(entry(), "utf8");
        writeFileSync(entry(), kept.replace("dynamodb:GetItem", "dynamodb:PutItem"));
      },
    ],
    ["is empty", () => writeFileSync(entry(), "")],
    ["is no JSON", () => writeFileSync(entry(), "x\ny")],
    [
      "is a link",
      () => {
        const target = join(folder, "target");
        const path = entry();
        renameSync(path, target);
        symlinkSync(target, path);
      },
    ],
  ] as const) {
    it(`ignores an entry that ${what}`, async () => {
      open("1").set(code, limits, await read());
      damage();

      expect(open("1").get(code, limits)).to.equal(undefined);
    });
  }

  it("does without if the folder cannot be written", async () => {
    chmodSync(folder, 0o500);
    const calls = await read();
    rmSync(folder, { recursive: true });
    open("1").set(code, limits, calls);

    expect(open("1").get(code, limits)).to.equal(undefined);
    folder = mkdtempSync(join(tmpdir(), "readings-"));
  });

  it("is used where code is read, and not for what exceeds a limit", async () => {
    const used: string[] = [];
    const none: Calls = { calls: [], unresolved: ["from the cache"], caveats: [] };
    const cache = (known: Calls | undefined) => ({
      get: () => known,
      set: () => void used.push("set"),
    });
    const one = codeOf([{ path: "a.js", text: `${text}//1` }]);
    const other = codeOf([{ path: "a.js", text: `${text}//2` }]);
    const third = codeOf([{ path: "a.js", text: `${text}//3` }]);

    expect(await callsOf(one, new CodeBudget(), cache(none))).to.equal(none);
    await callsOf(other, new CodeBudget(), cache(undefined));
    await callsOf(third, new CodeBudget({ runSteps: 10 }), cache(undefined));

    expect(used).to.deep.equal(["set"]);
  });
});
