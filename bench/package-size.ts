import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ratio, table } from "./table.ts";

const root = join(import.meta.dirname, "..");

/**
 * Compares the function's package with the same function in Pulumi's default packaging, where the SDK
 * clients are `dependencies` of the project. Bytes of the zip, deflated.
 */
export function benchPackageSize(): string {
  const own = sizeOf({ devDependencies: sdk() });
  const usual = sizeOf({ dependencies: sdk() });
  return [
    "## Package of the function",
    "",
    table(
      ["package", "files", "bytes of the zip", "against default"],
      [
        ["this program", String(own.files), String(own.bytes), ratio(own.bytes, usual.bytes)],
        ["default packaging", String(usual.files), String(usual.bytes), "1"],
      ],
    ),
  ].join("\n");
}

function sdk() {
  return {
    "@aws-sdk/client-dynamodb": "*",
    "@aws-sdk/client-ec2": "*",
    "@aws-sdk/client-sns": "*",
    "@aws-sdk/client-sqs": "*",
  };
}

/** Packages in a project of this kind: Pulumi reads `dependencies` above the working folder. */
function sizeOf(packageJson: object): { files: number; bytes: number } {
  const folder = mkdtempSync(join(tmpdir(), "package-size-"));
  try {
    const content = { name: "bench", version: "1.0.0", ...packageJson };
    writeFileSync(join(folder, "package.json"), JSON.stringify(content));
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    const script = join(import.meta.dirname, "zip-function.cjs");
    return JSON.parse(execFileSync(process.execPath, [script], { cwd: folder, encoding: "utf8" }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
