// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of GitHub, which look like it
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect } from "chai";
import { readCompositeAction } from "../../rehearsal/workflow.ts";
import { actionFolder } from "./use-action.ts";

const yaml = createRequire(import.meta.url)("js-yaml") as { load(text: string): unknown };
const text = readFileSync(join(actionFolder, "action.yml"), "utf8");
const guide = readFileSync(join(actionFolder, "README.md"), "utf8");

/** The path of each string that has an expression. */
function placesOf(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value === "string") return value.includes("${{") ? [[...path]] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, it]) => placesOf(it, [...path, key]));
}

describe("pipeline/action/action.yml", () => {
  const action = readCompositeAction(actionFolder);

  it("has an expression only where its value is no code", () => {
    const places = placesOf(yaml.load(text)).map((path) =>
      path
        .filter((it) => !/^\d+$/.test(it))
        .slice(0, 3)
        .join("."),
    );

    expect([...new Set(places)].sort()).to.deep.equal([
      "outputs.folder.value",
      "runs.steps.env",
      "runs.steps.with",
    ]);
  });

  it("pins each action that it uses by commit, with its version", () => {
    const uses = text.split("\n").filter((line) => /^\s*(- )?uses:/.test(line));

    expect(uses).to.have.length(1);
    for (const line of uses) expect(line).to.match(/uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it("refuses events in its first step", () => {
    expect(action.steps[0]).to.include({ run: 'bash "$GITHUB_ACTION_PATH/check.sh"' });
    expect(action.steps[0]).not.to.have.any.keys("if", "continue-on-error");
  });

  it("gives the token to the step that comments alone", () => {
    const withToken = action.steps.filter((it) => JSON.stringify(it).includes("github.token"));

    expect(withToken.map(({ name }) => name)).to.deep.equal(["Report"]);
  });

  it("continues after no failure but that of the upload", () => {
    const names = action.steps.filter((it) => it["continue-on-error"]).map(({ name }) => name);

    expect(names).to.deep.equal(["Findings"]);
  });

  it("has each input in the guide, with its default and its description", () => {
    const rows = [...guide.matchAll(/^\| `([\w-]+)` \| (?:(.*) )?\| (.*) \|$/gm)].map(
      ([, name, standard = "", description = ""]) => [
        name,
        standard.replaceAll("`", ""),
        description
          .replaceAll("`", "")
          .replace(/\[(.*?)\]\(.*?\)/, "$1")
          .replace(/, e\.g\. .*/, ""),
      ],
    );
    const { inputs } = yaml.load(text) as {
      inputs: Record<string, { default?: string; description: string }>;
    };
    const expected = Object.entries(inputs).map(([name, it]) => [
      name,
      it.default ?? "",
      it.description,
    ]);

    expect(rows).to.deep.equal(expected);
  });

  it("uses in the guide the same versions of actions as this repository", () => {
    const workflow = readFileSync(
      join(actionFolder, "..", "..", ".github", "workflows", "preview.yml"),
      "utf8",
    );
    const pins = (it: string) =>
      [...it.matchAll(/uses: (.*@[0-9a-f]{40} # .*)/g)].map(([, pin]) => pin);

    expect(pins(guide)).to.have.length(2);
    expect(pins(workflow)).to.include.members(pins(guide));
  });
});
