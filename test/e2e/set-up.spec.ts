import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { fillCheckout, inCheckout, temporaryFolders } from "../scripts/checkout.ts";

/** Writes the wheel of a package, version 1.0.0, with these dependencies. */
const writeWheel = `
import sys, zipfile
path, name, *needed = sys.argv[1:]
info = name + "-1.0.0.dist-info/"
needs = "".join(f"Requires-Dist: {it}\\n" for it in needed)
with zipfile.ZipFile(path, "w") as wheel:
    wheel.writestr(name + ".py", "")
    wheel.writestr(info + "METADATA", f"Metadata-Version: 2.1\\nName: {name}\\nVersion: 1.0.0\\n" + needs)
    wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr(info + "RECORD", "")
`;

describe("the set-up of Python packages", () => {
  const newFolder = temporaryFolders();

  /** Installs these requirements from a folder that has the wheels of `tool` and `other`. */
  async function install(requirements: (sha256: string) => string, needed: readonly string[] = []) {
    const wheels = newFolder();
    const wheelOf = (name: string) => join(wheels, `${name}-1.0.0-py3-none-any.whl`);
    execFileSync("python3", ["-c", writeWheel, wheelOf("tool"), "tool", ...needed]);
    execFileSync("python3", ["-c", writeWheel, wheelOf("other"), "other"]);
    const sha256 = createHash("sha256")
      .update(readFileSync(wheelOf("tool")))
      .digest("hex");
    const checkout = newFolder();
    fillCheckout(checkout);
    const file = join(checkout, "requirements.txt");
    writeFileSync(file, requirements(sha256));
    const { output, error } = await inCheckout(
      checkout,
      "python.mjs",
      `await script.ensureVenv(() => {}, "tool", "The tool from PyPI", ${JSON.stringify(file)})
        .then(() => console.log("installed"), (error) => console.error(error.message));`,
      { PIP_NO_INDEX: "1", PIP_FIND_LINKS: wheels, PIP_CONFIG_FILE: "/dev/null" },
    );
    const venv = join(checkout, ".tools", "tool");
    const python = join(venv, "bin", "python");
    const code = `import importlib.util; print(importlib.util.find_spec("tool") is not None)`;
    const found = execFileSync(python, ["-c", code], { encoding: "utf8" }).trim();
    const isMarked = existsSync(join(venv, ".installed"));
    return { output, error, sha256, isImported: found === "True", isMarked };
  }

  it("refuses a wheel with a wrong hash, names both hashes and the file, and installs nothing", async () => {
    const expected = "0".repeat(64);

    const result = await install(() => `tool==1.0.0 --hash=sha256:${expected}\n`);

    expect(result.output).to.equal("");
    expect(result.error).to.include("The tool from PyPI (requirements.txt) failed");
    expect(result.error).to.match(new RegExp(`Expected sha256 ${expected}`));
    expect(result.error).to.match(new RegExp(`Got +${result.sha256}`));
    expect([result.isImported, result.isMarked]).to.deep.equal([false, false]);
  });

  it("refuses a dependency if its hash is not listed", async () => {
    const result = await install((sha256) => `tool==1.0.0 --hash=sha256:${sha256}\n`, ["other"]);

    expect(result.output).to.equal("");
    expect(result.error).to.include(
      "In --require-hashes mode, all requirements must have their versions",
    );
    expect(result.error).to.include("other from");
    expect([result.isImported, result.isMarked]).to.deep.equal([false, false]);
  });
});
