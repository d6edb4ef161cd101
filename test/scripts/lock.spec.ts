import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { acquireLock } from "../../scripts/lock.mjs";
import { temporaryFolders } from "./checkout.ts";

describe("acquireLock", () => {
  const newFolder = temporaryFolders();
  const newPath = () => join(newFolder(), "folder", "lock");

  it("creates the file alone, and removes it when the lock is released", () => {
    const path = newPath();

    const release = acquireLock(path, "A test runs");

    expect(readFileSync(path, "utf8")).to.equal(String(process.pid));
    expect(readdirSync(dirname(path))).to.deep.equal(["lock"]);
    release();
    expect(existsSync(path)).to.equal(false);
  });

  it("refuses while a running process holds the lock, naming that process", () => {
    const path = newPath();
    acquireLock(path, "A test runs");

    expect(() => acquireLock(path, "A test runs")).to.throw(
      `A test runs in this checkout already, as process ${process.pid}`,
    );
  });

  for (const content of ["4194399", "", "text", "0", "-1"]) {
    it(`takes over a lock that says ${JSON.stringify(content)}`, () => {
      const path = newPath();
      acquireLock(path, "A test runs")();
      writeFileSync(path, content);

      expect(() => acquireLock(path, "A test runs")).not.to.throw();
      expect(readFileSync(path, "utf8")).to.equal(String(process.pid));
      expect(readdirSync(dirname(path))).to.deep.equal(["lock"]);
    });
  }

  it("refuses to take over a lock while another process does, naming the file to delete", () => {
    const path = newPath();
    acquireLock(path, "A test runs")();
    writeFileSync(path, "4194399");
    writeFileSync(`${path}.takeover`, "4194399");

    expect(() => acquireLock(path, "A test runs")).to.throw(
      `Another process is taking over the lock ${path}: try again. If no process does, delete ${path}.takeover.`,
    );
  });

  it("lets one process alone take over a lock that many find at the same time", async () => {
    const path = newPath();
    acquireLock(path, "A test runs")();
    writeFileSync(path, "4194399");
    const script = join(import.meta.dirname, "..", "..", "scripts", "lock.mjs");
    const code = `
      const { acquireLock } = await import(${JSON.stringify(script)});
      console.log("ready");
      process.stdin.once("data", () => {
        try { acquireLock(${JSON.stringify(path)}, "A test runs"); console.log("taken"); }
        catch { console.log("refused"); }
      });`;
    const processes = Array.from({ length: 4 }, () =>
      spawn(process.execPath, ["--input-type=module", "--eval", code]),
    );
    const nextLines = () =>
      Promise.all(processes.map(async ({ stdout }) => String(await once(stdout, "data"))));
    await nextLines();

    // They end only after all have tried: the lock of one that has ended is free again.
    for (const { stdin } of processes) stdin.write("go");
    const results = await nextLines();
    for (const { stdin } of processes) stdin.end();

    expect(results.sort()).to.deep.equal(["refused\n", "refused\n", "refused\n", "taken\n"]);
  });
});
