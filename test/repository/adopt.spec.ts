import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect } from "chai";

const root = join(import.meta.dirname, "..", "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

/** The code block after each comment with a file name. */
const blocks = new Map(
  [...read("docs/adopt.md").matchAll(/<!-- (\S+) -->\n```\w+\n(.*?\n)```/gs)].map(
    ([, name = "", code = ""]) => [name, code],
  ),
);
const examples = globSync("docs/adopt/*", { cwd: root }).map((it) => basename(it));

describe("docs/adopt.md", () => {
  it("shows each example", () => {
    expect([...blocks.keys()]).to.have.members(examples);
  });

  for (const name of examples) {
    it(`shows ${name} as the tests deploy it, in a project that has this repository as a folder`, () => {
      const example = read(`docs/adopt/${name}`);

      expect(blocks.get(name)).to.equal(
        example.replaceAll('from "../../', 'from "./reboot-automation/'),
      );
    });
  }

  it("installs the TypeScript version of this repository", () => {
    const { devDependencies } = JSON.parse(read("package.json"));
    const [major] = devDependencies.typescript.split(".");

    expect(read("docs/adopt.md")).to.include(` typescript@${major} `);
  });
});
