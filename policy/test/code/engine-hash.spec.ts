import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { asset } from "@pulumi/pulumi";
import { expect } from "chai";
import { zipSync } from "fflate";
import { loadProgram } from "../../../sandbox/engine/program.ts";

const { engineHashOf } = loadProgram<typeof import("../../code/engine-hash.ts")>(
  "policy/code/engine-hash.ts",
);
const { programFolders } = loadProgram<typeof import("../../code/program-folders.ts")>(
  "policy/code/program-folders.ts",
);
const { CodeBudget } = loadProgram<typeof import("../../code/budget.ts")>("policy/code/budget.ts");

/** The expected hashes are those of Go's archive/tar, with the engine's header of each file. */
describe("engineHashOf", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "hash-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  function write(path: string, text: string | Uint8Array): void {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const hashOf = (of: object, limits = {}) =>
    engineHashOf(of as never, folder, new CodeBudget(limits));
  const strings = (files: Readonly<Record<string, string>>) =>
    new asset.AssetArchive(
      Object.fromEntries(
        Object.entries(files).map(([name, text]) => [name, new asset.StringAsset(text)]),
      ),
    );

  for (const [what, files, hash] of [
    [
      "files, by name",
      { "lib/a.mjs": "", "index.js": "exports.handler = () => 1;" },
      "1be9633d436d2350250bc7e6f318df0a9564e74f93fa954bce57b4aa363b84f2",
    ],
    [
      "a file of one block",
      { "a.js": "z".repeat(512) },
      "449e88bda7367a142e89b0ba06f09a53fbcb29d82df3d66c1120597bcc440ca4",
    ],
    [
      "a path that is split in the header",
      { [`${"a".repeat(90)}/${"b".repeat(60)}.js`]: "x" },
      "5e7c51d00f3ee60da1392622c2d82f4b820e3b0fc27b968963659aec368fd01e",
    ],
    [
      "a long name",
      { [`${"c".repeat(120)}.js`]: "x" },
      "a3d2b8293ea7fab95b38405e9e4c22b2ed6f5a4c6f7f4d3832e4481ff18e85a6",
    ],
    [
      "a long name in a folder",
      { [`d/${"c".repeat(120)}.js`]: "x" },
      "58bde46f46ad2c24e0183d7d3b8abafa079eab96f4ad822f06697dccb0fd1311",
    ],
    [
      "a long folder",
      { [`${"e".repeat(200)}/f.js`]: "x" },
      "baf9842c5bcf50f02191a9b7776ed62699ced86090eaac7da160f4907e105317",
    ],
    [
      "a long path with letters that are not ASCII",
      { [`${"ä/".repeat(80)}x.js`]: "x" },
      "887832c816814af3e4a20beb024cb4ad4ad3fd77bc0180535a1e691b1265f182",
    ],
    ["nothing", {}, "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"],
  ] as const) {
    it(`is the engine's for ${what}`, async () => {
      expect(await hashOf(strings(files))).to.equal(hash);
    });
  }

  it("is the same for a folder, a zip file in an archive, and files in an archive", async () => {
    const hash = "1be9633d436d2350250bc7e6f318df0a9564e74f93fa954bce57b4aa363b84f2";
    const text = "exports.handler = () => 1;";
    write("app/index.js", text);
    write("app/lib/a.mjs", "");
    write("app/.pulumi/state.json", "{}");
    symlinkSync("lib", join(folder, "app", "other"));
    write("lib.zip", zipSync({ "a.mjs": Buffer.from("") }));

    expect(await hashOf(new asset.FileArchive("app"))).to.equal(hash);
    expect(
      await hashOf(
        new asset.AssetArchive({
          lib: new asset.FileArchive("lib.zip"),
          "index.js": new asset.FileAsset("app/index.js"),
        }),
      ),
    ).to.equal(hash);
  });

  it("is that of the bytes for a file", async () => {
    write("code.zip", "any bytes");
    const hash = createHash("sha256").update("any bytes").digest("hex");

    expect(await hashOf(new asset.FileArchive("code.zip"))).to.equal(hash);
    expect(await hashOf(new asset.FileAsset("code.zip"))).to.equal(hash);
  });

  it("is unknown for what is missing, special, outside of the repository, or too large", async () => {
    mkdirSync(join(folder, "pipes"));
    execFileSync("mkfifo", [join(folder, "pipes", "index.js")]);
    write("large/a.js", "x".repeat(100));

    expect(await hashOf(new asset.FileArchive("gone"))).to.equal(undefined);
    expect(await hashOf(new asset.FileArchive("pipes"))).to.equal(undefined);
    expect(await hashOf(new asset.FileAsset("/etc/hostname"))).to.equal(undefined);
    expect(await hashOf(new asset.FileArchive("large"), { runHashedBytes: 50 })).to.equal(
      undefined,
    );
  });
});

describe("programFolders", () => {
  let root: string;
  before(() => {
    root = mkdtempSync(join(tmpdir(), "projects-"));
    const projects: Record<string, string> = {
      "infra/Pulumi.yaml": "name: shop\nruntime: nodejs\nmain: src/\n",
      "apps/other/Pulumi.yaml": "name: other\nruntime: nodejs\n",
      "apps/file/Pulumi.yaml": 'name: "file" # quoted\nmain: "src/index.ts"\n',
      "json/Pulumi.json": '{\n  "name": "json",\n  "main": "program"\n}\n',
      "node_modules/shop/Pulumi.yaml": "name: shop\n",
    };
    mkdirSync(join(root, ".git"));
    mkdirSync(join(root, "infra", "src", "lib"), { recursive: true });
    for (const [path, text] of Object.entries(projects)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
  });
  after(() => rmSync(root, { recursive: true }));

  const found = async (start: string, project: string) =>
    (await programFolders(join(root, start), project)).map((it) => it.slice(root.length + 1));

  it("has the start, and the folder and `main` of the project below it", async () => {
    expect(await found("", "shop")).to.deep.equal(["", "infra/src", "infra"]);
  });

  it("has the folder of a project above the start, and beside it", async () => {
    expect(await found("infra/src/lib", "shop")).to.deep.equal([
      "infra/src/lib",
      "infra/src",
      "infra",
    ]);
    expect(await found("gone", "shop")).to.deep.equal(["gone"]);
    expect(await found("apps/other", "shop")).to.deep.equal(["apps/other", "infra/src", "infra"]);
  });

  it("has the folder of a `main` that is a file, and reads JSON", async () => {
    expect(await found("", "file")).to.deep.equal([
      "",
      "apps/file/src/index.ts",
      "apps/file/src",
      "apps/file",
    ]);
    expect(await found("", "json")).to.deep.equal(["", "json/program", "json"]);
  });

  it("has only the start if no project has the name", async () => {
    expect(await found("apps", "elsewhere")).to.deep.equal(["apps"]);
  });
});
