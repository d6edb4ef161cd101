import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { createPrivateFolder } from "../private-folder.ts";

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

describe("createPrivateFolder", () => {
  let folder: string;
  let umask: number;
  beforeEach(() => {
    umask = process.umask(0o022);
    folder = mkdtempSync(join(tmpdir(), "private-folder-"));
  });
  afterEach(() => {
    process.umask(umask);
    rmSync(folder, { recursive: true });
  });

  it("creates a folder, and from then on files and folders, that only their owner can read", () => {
    const created = join(folder, "parent", "created");

    createPrivateFolder(created);
    writeFileSync(join(created, "file"), "");
    mkdirSync(join(created, "folder"));

    expect(modeOf(join(folder, "parent"))).to.equal("700");
    expect(modeOf(created)).to.equal("700");
    expect(modeOf(join(created, "file"))).to.equal("600");
    expect(modeOf(join(created, "folder"))).to.equal("700");
  });

  it("closes a folder that others can read", () => {
    const open = join(folder, "open");
    mkdirSync(open, { mode: 0o755 });

    createPrivateFolder(open);

    expect(modeOf(open)).to.equal("700");
  });
});
