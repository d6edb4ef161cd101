import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect } from "chai";
import { loadProgram } from "../../../sandbox/engine/program.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const require = createRequire(import.meta.url);
const yaml = require("js-yaml") as { load(text: string): unknown };

interface Compiler {
  compile(code: string, fileName: string): string;
}

/** ts-node as tsconfig.json sets it up, or with another transpiler. */
function createCompiler(options: { transpiler?: string | null } = {}): Compiler {
  return require("ts-node").create({ transpileOnly: true, cwd: root, ...options });
}

const withoutCache = (file: string) => !file.includes(".cache");

describe("the loading of the program", () => {
  let folder = "";
  const { CI } = process.env;
  beforeEach(() => {
    // Where there is one, these tests may run in a pipeline themselves.
    delete process.env.CI;
    mkdirSync(join(root, ".sandbox"), { recursive: true });
    folder = mkdtempSync(join(root, ".sandbox", "loading-"));
    cpSync(join(root, "scripts", "loading"), join(folder, "loading"), {
      recursive: true,
      filter: withoutCache,
    });
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
    if (CI !== undefined) process.env.CI = CI;
    else delete process.env.CI;
  });

  /** No folder can be created where a file is. */
  function forbidCache(): void {
    writeFileSync(join(folder, "loading", ".cache"), "");
  }

  for (const project of [".", "pipeline/bootstrap"]) {
    it(`is by a file that ${project}/Pulumi.yaml names and that exists`, () => {
      const text = readFileSync(join(root, project, "Pulumi.yaml"), "utf8");
      const { runtime } = yaml.load(text) as { runtime: { options: { nodeargs: string } } };
      const [, file = ""] = /^--require (\S+)$/.exec(runtime.options.nodeargs) ?? [];

      expect(file).to.match(/compile-cache\.cjs$/);
      expect(existsSync(join(root, project, file)), file).to.equal(true);
    });

    // Pulumi looks for it there and nowhere else, and ts-node refuses a transpiler without it.
    it(`does not check types, which ${project}/tsconfig.json says itself`, () => {
      const text = readFileSync(join(root, project, "tsconfig.json"), "utf8");
      const { config } = require("typescript").parseConfigFileTextToJson("tsconfig.json", text);

      expect(config.compilerOptions.noCheck).to.equal(true);
    });
  }

  describe("compile-cache.cjs", () => {
    function run(variables = {}) {
      writeFileSync(join(folder, "module.cjs"), "exports.sum = (a, b) => a + b;");
      const line = "console.log(require('./module.cjs').sum(1, 2))";
      const words = ["--require", "./loading/compile-cache.cjs", "-e", line];
      const { NODE_DISABLE_COMPILE_CACHE, NODE_COMPILE_CACHE, ...env } = process.env;
      return spawnSync(process.execPath, words, {
        cwd: folder,
        encoding: "utf8",
        env: { ...env, ...variables },
      });
    }

    it("keeps what was compiled beside the code, and says nothing", () => {
      const { stdout, stderr } = run();

      expect([stdout, stderr]).to.deep.equal(["3\n", ""]);
      expect(readdirSync(join(folder, "loading", ".cache", "node"))).to.have.length(1);
    });

    it("keeps nothing, and uses nothing, in a pipeline", () => {
      const { stdout, stderr } = run({ CI: "true" });

      expect([stdout, stderr]).to.deep.equal(["3\n", ""]);
      expect(existsSync(join(folder, "loading", ".cache"))).to.equal(false);
    });

    it("says nothing where nothing can be kept", () => {
      forbidCache();

      const { stdout, stderr } = run();

      expect([stdout, stderr]).to.deep.equal(["3\n", ""]);
    });
  });

  describe("transpiler.cjs", () => {
    const transpiler = () => join(folder, "loading", "transpiler.cjs");
    const source = "export const one: number = 1;";
    const cache = () => join(folder, "loading", ".cache", "transpiled");

    /** Changes the only string that is kept. */
    function markKept(): void {
      const [name = ""] = readdirSync(cache());
      const kept = readFileSync(join(cache(), name), "utf8");
      writeFileSync(
        join(cache(), name),
        kept.replace("exports.one = 1", "exports.one = 1 /* kept */"),
      );
    }

    it("gives each file of the program the text that ts-node gives it without", () => {
      const files = globSync(["index.ts", "{infra,handler}/**/*.ts"], { cwd: root });
      const [own, plain] = [createCompiler(), createCompiler({ transpiler: null })];

      expect(files).to.include("handler/index.ts");
      for (const file of files.map((it) => join(root, it))) {
        const code = readFileSync(file, "utf8");
        expect(own.compile(code, file), file).to.equal(plain.compile(code, file));
      }
    });

    it("gives the same text from what it has kept", () => {
      const file = join(folder, "one.ts");
      const compiled = createCompiler({ transpiler: transpiler() }).compile(source, file);
      markKept();

      const again = createCompiler({ transpiler: transpiler() }).compile(source, file);

      expect(compiled).to.include("exports.one = 1;");
      expect(again.replace(" /* kept */", "")).to.equal(compiled);
      expect(again).to.include("/* kept */");
    });

    it("compiles again in a pipeline, whatever is kept", () => {
      const file = join(folder, "one.ts");
      createCompiler({ transpiler: transpiler() }).compile(source, file);
      markKept();
      const names = readdirSync(cache());
      process.env.CI = "true";

      const compiler = createCompiler({ transpiler: transpiler() });
      const texts = [
        compiler.compile(source, file),
        compiler.compile("export const two = 2;", join(folder, "two.ts")),
      ];

      expect(texts[0]).to.include("exports.one = 1;");
      expect(texts[0]).not.to.include("/* kept */");
      expect(texts[1]).to.include("exports.two = 2;");
      expect(readdirSync(cache())).to.deep.equal(names);
    });

    it("compiles again where nothing can be kept", () => {
      forbidCache();

      const compiler = createCompiler({ transpiler: transpiler() });

      expect(compiler.compile(source, join(folder, "one.ts"))).to.include("exports.one = 1;");
    });

    it("reports a mistake each time", () => {
      const compiler = createCompiler({ transpiler: transpiler() });
      const compile = () => compiler.compile("const = 1;", join(folder, "wrong.ts"));

      expect(compile).to.throw("Variable declaration expected");
      expect(compile).to.throw("Variable declaration expected");
    });
  });

  describe("stack-frames.cjs", () => {
    it("leaves stack traces as they are", () => {
      const program = [
        "const format = (error, frames) => [error, ...frames].join('\\n@ ');",
        "Error.prepareStackTrace = format;",
        "const fail = () => new Error('no').stack;",
        "class Thing { make() { return fail(); } }",
        "class Part extends Thing {}",
        "const traces = () => [new Thing().make(), new Part().make(), fail()];",
        "const all = [];",
        "for (let i = 0; i < 3; i++) {",
        "  if (i === 1) require('./loading/stack-frames.cjs').rememberStackFrames();",
        "  all.push(traces());",
        "}",
        "console.log(JSON.stringify(all));",
      ].join("\n");
      writeFileSync(join(folder, "program.cjs"), program);

      const { stdout } = spawnSync(process.execPath, ["program.cjs"], {
        cwd: folder,
        encoding: "utf8",
      });

      const [before, first, second] = JSON.parse(stdout);
      expect(before[1]).to.match(/^Error: no\n@ fail .*\n@ Part\.make/);
      expect([first, second]).to.deep.equal([before, before]);
    });
  });

  describe("ci.cjs", () => {
    it("knows a pipeline as the policy pack does", () => {
      const own = require("../../../scripts/loading/ci.cjs") as typeof pack;
      const pack = loadProgram<typeof import("../../../policy/ci.ts")>("policy/ci.ts");

      for (const [CI, expected] of [
        [undefined, false],
        ["", false],
        ["0", false],
        ["false", false],
        ["False", false],
        ["1", true],
        ["true", true],
        ["woodpecker", true],
      ] as const) {
        expect([own.isCi({ CI }), pack.isCi({ CI })], String(CI)).to.deep.equal([
          expected,
          expected,
        ]);
      }
    });
  });

  describe("the policy pack", () => {
    it("starts, and keeps nothing in its folder", async () => {
      const pack = join(folder, "policy");
      cpSync(join(root, "policy", "package.json"), join(pack, "package.json"));
      cpSync(join(root, "policy", "bin"), join(pack, "bin"), { recursive: true });
      const before = readdirSync(join(pack, "bin"));
      const command = join(root, "node_modules", "@pulumi", "pulumi", "cmd", "run-policy-pack");
      const child = spawn(process.execPath, [command, "127.0.0.1:1", "."], {
        cwd: pack,
        stdio: ["ignore", "pipe", "inherit"],
      });

      const [firstLine] = await once(child.stdout, "data");
      child.kill();
      await once(child, "close");

      // The port of its server: that is all that the engine reads.
      expect(String(firstLine)).to.match(/^\d+\n$/);
      expect(readdirSync(join(pack, "bin"))).to.deep.equal(before);
    });
  });
});
