import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asset } from "@pulumi/pulumi";
import { expect } from "chai";
import { zipSync } from "fflate";
import { unknown } from "../support.ts";
import { handlers, readPackage } from "./support.ts";

const { unknownCheckingProxy } = createRequire(import.meta.url)("@pulumi/policy/proxy");

const text = "exports.handler = () => 1;";
const runtime = "nodejs24.x";

describe("readPackage", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "code-"));
    for (const path of ["src/lib", "src/node_modules/@aws-sdk/client-sns", "src/node_modules/a"]) {
      mkdirSync(join(folder, path), { recursive: true });
    }
    writeFileSync(join(folder, "src", "index.js"), text);
    writeFileSync(join(folder, "src", "data.json"), "{}");
    writeFileSync(join(folder, "src", "lib", "a.mjs"), text);
    writeFileSync(join(folder, "src", "node_modules", "a", "index.cjs"), text);
    writeFileSync(join(folder, "src", "node_modules", "@aws-sdk", "client-sns", "i.js"), text);
    const files = { "index.js": Buffer.from(text), "bin/tool": Buffer.from("x") };
    writeFileSync(join(folder, "code.zip"), zipSync(files));
    writeFileSync(join(folder, "broken.zip"), "no zip");
    writeFileSync(join(folder, "code.tar.gz"), "x");
    writeFileSync(join(folder, "large.js"), " ".repeat(20 * 1024 * 1024 + 1));
  });
  after(() => rmSync(folder, { recursive: true }));

  /** Reads the properties as a rule sees them. */
  function packageOf(props: object) {
    return readPackage(unknownCheckingProxy(props), folder);
  }

  it("reads strings and files of an archive, and archives in it", async () => {
    const code = new asset.AssetArchive({
      "__index.js": new asset.StringAsset(text),
      "config.json": new asset.StringAsset("{}"),
      lib: new asset.FileArchive("src"),
      "tool.js": new asset.FileAsset("src/index.js"),
      inner: new asset.AssetArchive({ "a.cjs": new asset.StringAsset(text) }),
    });

    expect(await packageOf({ runtime, code })).to.deep.equal({
      kind: "read",
      files: [
        { path: "__index.js", text },
        { path: "lib/index.js", text },
        { path: "lib/lib/a.mjs", text },
        { path: "lib/node_modules/a/index.cjs", text },
        { path: "tool.js", text },
        { path: "inner/a.cjs", text },
      ],
      unread: [],
    });
  });

  it("reads a folder without the files of the AWS SDK", async () => {
    const code = new asset.FileArchive("./src");

    const found = await packageOf({ runtime, code });

    expect(found.kind === "read" && found.files.map(({ path }) => path)).to.deep.equal([
      "index.js",
      "lib/a.mjs",
      "node_modules/a/index.cjs",
    ]);
  });

  it("reads a zip file", async () => {
    expect(await packageOf({ runtime, code: new asset.FileArchive("code.zip") })).to.deep.equal({
      kind: "read",
      files: [{ path: "index.js", text }],
      unread: [],
    });
  });

  it("reads assets of another copy of @pulumi/pulumi", async () => {
    const inner = { __pulumiAsset: true, text: Promise.resolve(text) };
    const code = { __pulumiArchive: true, assets: Promise.resolve({ "index.js": inner }) };

    expect((await packageOf({ runtime, code })).kind).to.equal("read");
  });

  it("reads a package whose runtime is unknown", async () => {
    const code = new asset.FileArchive("code.zip");

    expect((await packageOf({ runtime: unknown, code })).kind).to.equal("read");
  });

  for (const [title, props, why] of [
    ["a container image", { packageType: "Image", imageUri: "x" }, "its code is a container image"],
    ["an unknown image", { imageUri: unknown }, "its code is a container image"],
    [
      "Java",
      { runtime: "java25", code: {} },
      "its runtime is java25, and only JavaScript and Python are read",
    ],
    ["unknown code", { runtime, code: unknown }, "its code is not known before deployment"],
    ["no code", { runtime }, "it has no code that can be read"],
  ] as const) {
    it(`reports that it cannot read ${title}`, async () => {
      expect(await packageOf(props)).to.deep.equal({ kind: "unreadable", why });
    });
  }

  for (const [title, code, why] of [
    ["an unknown asset", new asset.AssetArchive({ "a.js": unknown as never }), undefined],
    [
      "a remote archive",
      new asset.RemoteArchive("https://example.com/a.zip"),
      "part of its code is at a remote address",
    ],
    [
      "a broken zip file",
      new asset.FileArchive("broken.zip"),
      "its code broken.zip cannot be unpacked",
    ],
    [
      "another archive",
      new asset.FileArchive("code.tar.gz"),
      "its code code.tar.gz is not a zip file",
    ],
    [
      "a large file",
      new asset.AssetArchive({ "a.js": new asset.FileAsset("large.js") }),
      "its code large.js is larger than 20 MB and is not read",
    ],
    [
      "an archive without JavaScript",
      new asset.AssetArchive({ "a.json": new asset.StringAsset("{}") }),
      "its code has no JavaScript file",
    ],
  ] as const) {
    it(`reports that it cannot read ${title}`, async () => {
      expect(await packageOf({ runtime, code })).to.deep.equal({
        kind: "unreadable",
        why: why ?? "part of its code is not known before deployment",
      });
    });
  }

  it("names a missing file, and the folder from which it was read", async () => {
    const code = new asset.FileArchive("dist/x.zip");

    expect(await packageOf({ runtime, code })).to.deep.equal({
      kind: "unreadable",
      why: `its code dist/x.zip cannot be read (ENOENT) from the folder ${folder}`,
    });
  });

  it("reports what it cannot read beside what it reads", async () => {
    const code = new asset.AssetArchive({
      "index.js": new asset.StringAsset(text),
      "late.js": unknown as never,
      "gone.js": new asset.FileAsset("gone.js"),
    });

    expect(await packageOf({ runtime, code })).to.deep.include({
      unread: [
        "part of its code is not known before deployment",
        `its code gone.js cannot be read (ENOENT) from the folder ${folder}`,
      ],
    });
  });

  it("reads every handler of the fixtures", async () => {
    const code = new asset.FileArchive(handlers);

    expect((await readPackage({ runtime, code }, handlers)).kind).to.equal("read");
  });
});
