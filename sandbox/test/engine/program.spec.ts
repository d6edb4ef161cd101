import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect } from "chai";
import { loadProgram, reloadProgram } from "../../engine/program.ts";

const kept = join(import.meta.dirname, "..", "..", "..", ".sandbox");

/** Files of a program, in a folder of the repository that is under no version control. */
describe("a program", () => {
  let folder = "";

  beforeEach(() => {
    mkdirSync(kept, { recursive: true });
    folder = mkdtempSync(join(kept, "program-"));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  function write(name: string, content: string): string {
    writeFileSync(join(folder, name), content);
    return join(".sandbox", basename(folder), name);
  }

  describe("loadProgram", () => {
    it("loads TypeScript as CommonJS, imports of Node.js included", () => {
      write("other.ts", "export const other: number = 2;");
      const path = write(
        "index.ts",
        'import { basename } from "node:path";\n' +
          'import { other } from "./other.ts";\n' +
          "export const name: string = basename(__filename);\n" +
          "export const sum = 1 + other;\n" +
          "export const text = String(() => basename(name));\n",
      );

      const program = loadProgram(path);

      expect(program).to.include({ name: "index.ts", sum: 3 });
      // A named import would be captured by value, which Pulumi cannot serialize.
      expect(program.text).to.include("node_path_1");
    });

    it("does not check types", () => {
      const path = write("index.ts", 'export const count: number = "text";');

      expect(loadProgram(path).count).to.equal("text");
    });

    it("gives a copy of the exports, so that a test may not change them", () => {
      const path = write("index.ts", "export const value = 1;");

      loadProgram(path).value = 2;

      expect(loadProgram(path).value).to.equal(1);
    });

    it("runs a file once", () => {
      const path = write("index.ts", "export const value = 1;");
      loadProgram(path);
      write("index.ts", "export const value = 2;");

      expect(loadProgram(path).value).to.equal(1);
    });

    it("fails with the file's own error", () => {
      const path = write("index.ts", 'throw new Error("wrong settings");');

      expect(() => loadProgram(path)).to.throw("wrong settings");
    });
  });

  describe("reloadProgram", () => {
    it("runs an unchanged file again", () => {
      const path = write("index.ts", "export const created = {};");
      const { created } = reloadProgram(path);

      expect(reloadProgram(path).created).not.to.equal(created);
    });

    it("reads a changed file that the program imports", () => {
      write("other.ts", "export const value = 1;");
      const path = write("index.ts", 'export * from "./other.ts";');
      reloadProgram(path);
      write("other.ts", "export const value = 2;");

      expect(reloadProgram(path).value).to.equal(2);
    });

    it("does not load packages again", () => {
      const path = write("index.ts", 'export { Config } from "@pulumi/pulumi";');
      const { Config } = reloadProgram(path);

      expect(reloadProgram(path).Config).to.equal(Config);
    });
  });
});
