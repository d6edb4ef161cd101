import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asset } from "@pulumi/pulumi";
import { expect } from "chai";
import { zipSync } from "fflate";
import { readLimits } from "../../read-limits.ts";
import { policyFolder } from "../support.ts";
import { callsOfPythonTexts } from "./python/support.ts";
import { callsOfFunction, callsOfTexts, readPackage } from "./support.ts";

const text = "exports.handler = () => 1;";
const publishing =
  'const { SNSClient, PublishCommand } = require("@aws-sdk/client-sns"); new PublishCommand({});';

/** `count` names with commas between them. */
function names(count: number): string {
  return Array.from({ length: count }, (_, index) => `x${index}`).join();
}

/** The pack's limits: a program can neither make it hang nor exhaust its memory. */
describe("readPackage of code that is crafted to be expensive", () => {
  let root: string;
  let folder: string;
  before(() => {
    root = mkdtempSync(join(tmpdir(), "limits-"));
    folder = join(root, "repository", "infra");
    mkdirSync(join(root, "repository", ".git"), { recursive: true });
    mkdirSync(join(folder, "links"), { recursive: true });
    mkdirSync(join(root, "repository", "app", "dist"), { recursive: true });
    writeFileSync(join(root, "repository", "app", "dist", "index.js"), text);
    writeFileSync(join(root, "outside.js"), text);
    writeFileSync(join(folder, "links", "index.js"), text);
    symlinkSync(".", join(folder, "links", "one"));
    symlinkSync(".", join(folder, "links", "other"));
    symlinkSync("../../../outside.js", join(folder, "links", "secret.js"));
    symlinkSync("../app/dist", join(folder, "dist"));
    symlinkSync("../../outside.js", join(folder, "leading-out.js"));
    mkdirSync(join(folder, "pipes"));
    execFileSync("mkfifo", [join(folder, "pipes", "index.js")]);
    symlinkSync("/dev/zero", join(folder, "endless.js"));
  });
  after(() => rmSync(root, { recursive: true }));

  const read = (code: object, limits = {}) =>
    readPackage({ runtime: "nodejs24.x", code }, folder, limits);
  const one = (file: string) => new asset.AssetArchive({ "index.js": new asset.FileAsset(file) });
  const sentence = (path: string) =>
    `its code ${path} is a symbolic link or a special file and is not read`;

  it("reads each file once where links lead back to their folder, and follows none", async () => {
    expect(await read(new asset.FileArchive("links"))).to.deep.equal({
      kind: "read",
      files: [{ path: "index.js", text }],
      unread: [sentence("secret.js")],
    });
  });

  it("does not report a link to a file that it reads at its own path", async () => {
    mkdirSync(join(folder, "bundle", "node_modules", ".bin"), { recursive: true });
    mkdirSync(join(folder, "bundle", "node_modules", "sha.js"));
    writeFileSync(join(folder, "bundle", "node_modules", "sha.js", "bin.js"), text);
    symlinkSync("../sha.js/bin.js", join(folder, "bundle", "node_modules", ".bin", "sha.js"));

    expect(await read(new asset.FileArchive("bundle"))).to.deep.equal({
      kind: "read",
      files: [{ path: "node_modules/sha.js/bin.js", text }],
      unread: [],
    });
  });

  it("reads code beside the program, also through a link that the program names", async () => {
    for (const path of ["../app/dist", "dist"]) {
      expect(await read(new asset.FileArchive(path))).to.deep.equal({
        kind: "read",
        files: [{ path: "index.js", text }],
        unread: [],
      });
    }
  });

  it("does not read what is outside the repository", async () => {
    for (const path of ["../../outside.js", join(root, "outside.js"), "leading-out.js"]) {
      expect(await read(one(path))).to.deep.equal({
        kind: "unreadable",
        why: `its code ${path} is outside ${join(root, "repository")} and is not read`,
      });
    }
  });

  it("opens neither a pipe nor an endless device", async () => {
    const pipe = await read(new asset.FileArchive("pipes"));
    const named = await read(one("pipes/index.js"));
    const device = await read(one("endless.js"));

    expect(pipe).to.deep.equal({ kind: "unreadable", why: sentence("index.js") });
    expect(named).to.deep.equal({ kind: "unreadable", why: sentence("pipes/index.js") });
    expect(device.kind).to.equal("unreadable");
  });

  describe("in a zip file", () => {
    const zip = (name: string, data: Uint8Array) => {
      writeFileSync(join(folder, name), data);
      return new asset.FileArchive(name);
    };
    const bomb = () => zipSync({ "index.js": new Uint8Array(30 * 1024 * 1024) }, { level: 9 });
    /** The offset of the only entry in the archive's directory. */
    const entryIn = (data: Uint8Array) => Buffer.from(data).lastIndexOf("PK\u0001\u0002");

    it("does not unpack a file that is larger than the limit", async () => {
      const data = bomb();

      expect(data.length).to.be.lessThan(100_000);
      expect(await read(zip("bomb.zip", data))).to.deep.equal({
        kind: "unreadable",
        why: "its code index.js is larger than 20 MB and is not read",
      });
    });

    it("unpacks no more of a file than its size in the archive", async () => {
      const data = Buffer.from(bomb());
      data.writeUInt32LE(10, entryIn(data) + 24);

      const code = zip("lying.zip", data);
      expect(await callsOfFunction({ runtime: "nodejs24.x", code }, folder)).to.deep.equal({
        calls: [],
        unresolved: ["its code index.js in lying.zip cannot be unpacked"],
        caveats: [],
      });
    });

    it("reads no more of the archive for a file than the limit", async () => {
      const data = Buffer.from(zipSync({ "index.js": Buffer.from(text) }));
      data.writeUInt32LE(0xfffffffe, entryIn(data) + 20);

      expect(await read(zip("padded.zip", data))).to.deep.equal({
        kind: "unreadable",
        why: "its code index.js is larger than 20 MB and is not read",
      });
    });

    it("counts entries that share their data one by one", async () => {
      const single = Buffer.from(zipSync({ "index.js": new Uint8Array(1024 * 1024) }));
      const start = entryIn(single);
      const end = single.lastIndexOf("PK\u0005\u0006");
      const entry = single.subarray(start, end);
      const tail = Buffer.from(single.subarray(end));
      tail.writeUInt16LE(500, 10);
      tail.writeUInt32LE(500 * entry.length, 12);
      const data = Buffer.concat([single.subarray(0, start), ...Array(500).fill(entry), tail]);

      const found = await read(zip("shared.zip", data));

      expect(found.kind === "read" && found.files).to.have.length(128);
      expect(found).to.deep.include({
        unread: ["its code is not read beyond 128 MB of code in one function"],
      });
    });

    it("rejects an archive that names fewer files than it has", async () => {
      const data = Buffer.from(zipSync({ "a.js": Buffer.from(text), "b.js": Buffer.from(text) }));
      data.writeUInt16LE(1, data.lastIndexOf("PK\u0005\u0006") + 10);

      expect(await read(zip("fewer.zip", data))).to.deep.equal({
        kind: "unreadable",
        why: "its code fewer.zip cannot be unpacked",
      });
    });

    it("does not read the target of a link as code", async () => {
      const data = Buffer.from(zipSync({ "index.js": Buffer.from("../secret.js") }, { os: 3 }));
      data.writeUInt32LE((0o120777 << 16) >>> 0, entryIn(data) + 38);

      expect(await read(zip("link.zip", data))).to.deep.equal({
        kind: "unreadable",
        why: sentence("index.js"),
      });
    });
  });

  it("does not count the SDK, compiled modules and tests of large libraries in a Python package", async () => {
    const large = Buffer.alloc(1024 * 1024, "#");
    const files = {
      "app.py": Buffer.from("x = 1"),
      "boto3/session.py": large,
      "botocore/data/ec2/2016-11-15/service-2.json.gz": large,
      "mypy_boto3_ec2/client.py": large,
      "numpy/_core/_umath.cpython-314-x86_64-linux-gnu.so": large,
      "pandas/tests/test_frame.py": large,
      "pandas/__pycache__/frame.cpython-314.pyc": large,
    };
    writeFileSync(join(folder, "python.zip"), zipSync(files));
    const code = new asset.FileArchive("python.zip");

    expect(
      await readPackage({ runtime: "python3.14", code }, folder, { functionBytes: 1_000 }),
    ).to.deep.equal({ kind: "read", files: [{ path: "app.py", text: "x = 1" }], unread: [] });
  });

  it("stops at the limits of a run, and names them", async () => {
    const code = () =>
      new asset.AssetArchive({
        "a.js": new asset.StringAsset(text),
        "b.js": new asset.StringAsset(text),
      });
    const first = { kind: "read", files: [{ path: "a.js", text }] };

    expect(await read(code(), { runEntries: 1 })).to.deep.equal({
      ...first,
      unread: ["its code is not read beyond 1 files and folders of all functions"],
    });
    expect(await read(code(), { runBytes: 32 })).to.deep.include({
      ...first,
      unread: ["its code is not read beyond 0.000030517578125 MB of code in all functions"],
    });
  });
});

describe("callsOf code that is crafted to be expensive", () => {
  /** Only catches hangs: without limits, each of these takes hours or all memory. */
  const inTime = 120_000;

  for (const [title, code] of [
    ["a name that is assigned to itself twenty times", `var a;${"a=a;".repeat(20)}new a(1);`],
    ["names that choose each other", `var a,b;${"a=b;b=a;".repeat(200)}new (x?a:b)(1);`],
    [
      "a hundred thousand names in one scope",
      Array.from({ length: 100_000 }, (_, index) => `let a${index};`).join(""),
    ],
    ["unterminated escapes", "t`\\u{`;".repeat(100_000)],
    [
      "a regular expression with one group's name in each alternative",
      `a=/${"(?<a>)|".repeat(200_000)}/`,
    ],
    [
      "many uses of a module with a long name",
      `import x from "./${"a/".repeat(1_000_000)}";${"f(x);".repeat(50_000)}`,
    ],
    [
      "many names in a deep pattern",
      `var ${"{a:".repeat(500)}{${names(200_000)}}${"}".repeat(500)}=b`,
    ],
    ["private names in nested classes", `${"x=class{a=".repeat(200)}1${"}".repeat(200)}`],
  ] as const) {
    it(`reads ${title}, and the call beside it`, async function () {
      this.timeout(inTime);

      const { calls, unresolved } = await callsOfTexts({ "a.js": code, "index.js": publishing });

      expect(calls.map(({ name }) => name)).to.deep.equal([
        "PublishCommand of @aws-sdk/client-sns",
      ]);
      expect(unresolved).to.deep.equal([]);
    });
  }

  for (const [title, files] of [
    [
      "a name that is declared as often as used",
      { "a.js": `${"var a;".repeat(2_000)}${"f(a);".repeat(2_000)}` },
    ],
    [
      "commands that are chosen often",
      { "index.js": `"aws-sdk";var q=${"x?p.a:".repeat(290)}0;${"new q;".repeat(500)}` },
    ],
    [
      "calls that name many ARNs",
      {
        "a.js": `const o=[${`"arn:aws:sns:${"a".repeat(1_900)}",`.repeat(100)}];${"new p.PublishCommand(o);".repeat(1_000)}`,
      },
    ],
    [
      "names of a file that exports what many others do",
      {
        "a.js": 'export * from "q";'.repeat(2_000),
        "b.js": `import {${names(2_000)}} from "./a.js";[${names(2_000)}]`,
      },
    ],
  ] as const) {
    it(`stops at the limit of steps for ${title}`, async () => {
      const { unresolved } = await callsOfTexts(
        { "index.js": publishing, ...files },
        { runSteps: 1_000_000 },
      );

      expect(unresolved).to.deep.equal([
        "its code is not read beyond 1000000 steps through the code of all functions",
      ]);
    });
  }

  it("stops at the limit of steps for calls that name many ARNs in Python", async () => {
    const arns = `"arn:aws:sns:${"a".repeat(1_900)}",`.repeat(100);
    const { unresolved } = await callsOfPythonTexts(
      {
        "app.py": `import boto3\nsns = boto3.client("sns")\nARNS = [${arns}]\ndef handler(event, context):\n${"    sns.publish(TopicArn=ARNS)\n".repeat(1_000)}`,
      },
      { runSteps: 1_000_000 },
    );

    expect(unresolved).to.deep.equal([
      "its code is not read beyond 1000000 steps through the code of all functions",
    ]);
  });

  it("ignores a string that is longer than any ARN", async () => {
    const code = `new PublishCommand({TopicArn:"arn:aws:sns:${"a".repeat(2_048)}"});`;

    const { calls } = await callsOfTexts({ "index.js": publishing + code });

    expect(calls.map(({ arns }) => arns)).to.deep.equal([[]]);
  });

  for (const [title, code] of [
    ["brackets", `${"(".repeat(100_000)}1${")".repeat(100_000)}`],
    ["conditions", `a=${"x?1:".repeat(100_000)}1`],
    ["templates", `${"`${".repeat(100_000)}1${"}`".repeat(100_000)}`],
    ["patterns", `var ${"[".repeat(100_000)}a${"]".repeat(100_000)}=b`],
  ] as const) {
    it(`reports that it cannot read ${title} that are nested too deeply`, async () => {
      const { unresolved } = await callsOfTexts({ "a.js": code, "index.js": publishing });

      expect(unresolved).to.deep.equal(["its code has a file that cannot be parsed (a.js)"]);
    });
  }

  it("reports that it cannot follow names through thousands of others", async () => {
    const chain = Array.from({ length: 20_000 }, (_, index) => `var a${index + 1}={...a${index}};`);
    const code = `${publishing}var a0={};${chain.join("")}a20000.x.y;`;

    const { unresolved } = await callsOfTexts({ "index.js": code });

    expect(unresolved).to.deep.equal(["its code is nested too deeply to be read"]);
  });

  for (const [limit, code, sentence] of [
    ["functionNodes", "a;".repeat(1_000), "1000 syntax nodes in one function"],
    ["runSteps", "b;".repeat(1_000), "1000 steps through the code of all functions"],
    [
      "runSteps",
      `const o={${"a:[1,2,3],".repeat(10)}};${"new PublishCommand(o);".repeat(10)}`,
      "1000 steps through the code of all functions",
    ],
  ] as const) {
    it(`stops at ${limit}, and reports it (${code.length} characters)`, async () => {
      const { calls, unresolved } = await callsOfTexts(
        { "index.js": publishing + code },
        { [limit]: 1_000 },
      );

      expect(calls).to.deep.equal([]);
      expect(unresolved).to.deep.equal([`its code is not read beyond ${sentence}`]);
    });
  }

  it("counts the comparisons of many uses with many packages", async () => {
    const lines = Array.from(
      { length: 1_100 },
      (_, index) => `import "@aws-sdk/client-x${index}"; new X${index}Command();`,
    );

    const { unresolved } = await callsOfTexts({ "index.mjs": lines.join("") });

    expect(unresolved).to.deep.equal([
      "its code is not read beyond 100000000 steps through the code of all functions",
    ]);
  });
});

describe("policy/README.md", () => {
  it("has the limits of read-limits.ts", () => {
    const text = readFileSync(join(policyFolder, "README.md"), "utf8");
    const { fileBytes, functionBytes, runBytes, ...counts } = readLimits;
    const sizes = [fileBytes, functionBytes, runBytes].map((it) => `${it / 1024 / 1024} MB`);
    const { functionNodes, runEntries, runSteps } = counts;

    for (const it of sizes) expect(text).to.include(it);
    for (const it of [functionNodes, runEntries, runSteps]) {
      expect(text).to.include(it.toLocaleString("en-US"));
    }
  });
});
