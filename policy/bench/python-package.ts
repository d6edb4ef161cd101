import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Zippable, zipSync } from "fflate";
import { ensureVenv } from "../../scripts/python.mjs";

/** The code of a function with common libraries: `app.py`, and `requirements.txt` with hashes. */
const source = join(import.meta.dirname, "python-package");

/** Builds the function's zip file from a virtual environment's `site-packages`, once, below `.tools/`, and returns its path. */
export async function ensurePythonPackage(): Promise<string> {
  const requirements = join(source, "requirements.txt");
  const python = await ensureVenv(
    console.error,
    "python-package",
    "a function's libraries from PyPI",
    requirements,
  );
  const folder = join(dirname(python), "..");
  const app = readFileSync(join(source, "app.py"));
  const zip = join(folder, `${createHash("sha256").update(app).digest("hex")}.zip`);
  if (existsSync(zip)) return zip;
  const [packages = ""] = globSync(join(folder, "lib", "python*", "site-packages"));
  const files: Zippable = { "app.py": app };
  for (const path of globSync("**", { cwd: packages }).sort()) {
    const isPackaged =
      !/(^|\/)__pycache__\/|^(pip|setuptools|pkg_resources|_distutils_hack)\b/.test(path);
    const full = join(packages, path);
    if (isPackaged && statSync(full).isFile()) files[path] = readFileSync(full);
  }
  writeFileSync(zip, zipSync(files));
  return zip;
}
