import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { takeLock } from "../../scripts/lock.mjs";

describe("takeLock", () => {
  const folders: string[] = [];
  const newPath = () => {
    const folder = mkdtempSync(join(tmpdir(), "lock-"));
    folders.push(folder);
    return join(folder, "folder", "lock");
  };
  after(() => {
    for (const folder of folders) rmSync(folder, { recursive: true });
  });

  it("makes the file, and removes it when the lock is given back", () => {
    const path = newPath();

    const release = takeLock(path, "A test runs");

    expect(existsSync(path)).to.equal(true);
    release();
    expect(existsSync(path)).to.equal(false);
  });

  it("refuses while a living process holds the lock, naming that process", () => {
    const path = newPath();
    takeLock(path, "A test runs");

    expect(() => takeLock(path, "A test runs")).to.throw(
      `A test runs in this checkout already, as process ${process.pid}`,
    );
  });

  for (const content of ["4194399", "", "text", "0", "-1"]) {
    it(`takes over a lock that says ${JSON.stringify(content)}`, () => {
      const path = newPath();
      takeLock(path, "A test runs")();
      writeFileSync(path, content);

      expect(() => takeLock(path, "A test runs")).not.to.throw();
    });
  }
});
