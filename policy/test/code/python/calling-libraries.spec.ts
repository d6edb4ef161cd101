import { expect } from "chai";
import { loadProgram } from "../../../../sandbox/engine/program.ts";

const load = <T>(file: string) => loadProgram<T>(`policy/${file}`);
const { CodeBudget } = load<typeof import("../../../code/budget.ts")>("code/budget.ts");
const { python } = load<typeof import("../../../code/python/python.ts")>("code/python/python.ts");
const { reachedCode } =
  load<typeof import("../../../code/python/reached.ts")>("code/python/reached.ts");
const libraries = load<typeof import("../../../data/python-libraries.ts")>(
  "data/python-libraries.ts",
);
const { standardModules } = load<typeof import("../../../data/python-standard-modules.ts")>(
  "data/python-standard-modules.ts",
);

/** Why a program with libraries may call AWS; their code says nothing of it. */
async function gapsOf(program: string, ...names: string[]): Promise<readonly string[]> {
  const files = [
    { path: "app.py", text: program },
    ...names.flatMap((it) => [
      { path: `${it}/__init__.py`, text: "def run(): ...\n" },
      { path: `${it}-1.0.dist-info/RECORD`, text: `${it}/__init__.py,,\n` },
    ]),
  ];
  const code = { language: python, files, handler: "app.handler" };
  return (await reachedCode(code, new CodeBudget())).gaps;
}

describe("libraries that call AWS", () => {
  for (const [title, program, library] of [
    ["are a gap if they always do", "import pynamodb", "pynamodb"],
    [
      "are a gap if the program mentions what does",
      "from anthropic import AsyncAnthropicBedrock, AnthropicBedrock",
      "anthropic",
    ],
    [
      "are a gap if others load them by name",
      'import json\nprint("s3fs is loaded by fsspec")',
      "s3fs",
    ],
  ] as const) {
    it(title, async () => {
      expect(await gapsOf(program, library)).to.deep.equal([
        `includes ${library} (${library}/__init__.py), which calls AWS itself`,
      ]);
    });
  }

  for (const [title, program, library] of [
    ["without what calls AWS", "from anthropic import Anthropic", "anthropic"],
    [
      "with a word that only contains such a name",
      "import redshift_connector\ndiameter = 1",
      "redshift_connector",
    ],
    ["that only trace", "import aws_xray_sdk", "aws_xray_sdk"],
  ] as const) {
    it(`are no gap ${title}`, async () => {
      expect(await gapsOf(program, library)).to.deep.equal([]);
    });
  }
});

describe("policy/data/python-libraries.ts", () => {
  it("has each library in one table, and none that Python has", () => {
    const { callingLibraries, quietLibraries, sdkModules, runtimeModules } = libraries;
    const names = [
      ...Object.keys(callingLibraries),
      ...quietLibraries,
      ...sdkModules,
      ...runtimeModules,
      ...standardModules,
    ];

    expect(names.filter((it, at) => names.indexOf(it) !== at)).to.deep.equal([]);
  });

  it("lists only beginnings of words as mentions", () => {
    for (const it of Object.values(libraries.callingLibraries)) {
      for (const text of it.kind === "mentions" ? it.texts : []) {
        expect(text).to.match(/^\w+$/);
      }
    }
  });

  it("has modules of old and new versions of Python", () => {
    expect(standardModules).to.include.members([
      "os",
      "distutils",
      "imp",
      "tomllib",
      "annotationlib",
    ]);
    expect(standardModules).not.to.include("typing_extensions");
  });
});
