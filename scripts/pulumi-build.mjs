import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { requireTool } from "./commands.mjs";
import { root } from "./root.mjs";
import { run } from "./step.mjs";

const program = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";

/** Builds the Pulumi CLI from the Go module that sandbox/engine/pulumi-cli/ pins, as the file `binary`. */
export async function buildPulumi(say, version, binary) {
  const downloads = `https://www.pulumi.com/docs/install/`;
  requireTool(
    "go",
    ["version"],
    `Go 1.21 or newer (https://go.dev/dl/), or the Pulumi CLI ${version} (${downloads})`,
  );
  mkdirSync(dirname(binary), { recursive: true });
  const stale = await run(
    say,
    `Go modules of the Pulumi CLI ${version}`,
    "go",
    go("list", "-deps", "-f", "{{if .Stale}}{{.ImportPath}}{{end}}", program),
    { cwd: root, progress: ({ length }) => `${inWords(length)} downloaded` },
  );
  const total = stale.split("\n").filter(Boolean).length;
  await run(
    say,
    `Pulumi CLI ${version} built with Go (about 5 minutes on two cores, once)`,
    "go",
    go(
      "build",
      "-v",
      "-ldflags",
      `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${version}`,
      "-o",
      binary,
      program,
    ),
    // With -v Go prints the name of each package that it compiles.
    {
      cwd: root,
      progress: ({ length }) => `${inWords(length)} of about ${inWords(total)} packages`,
    },
  );
}

/** Arguments of a command of Go: only modules of go.mod with the hashes of go.sum, even if GOFLAGS says otherwise. */
function go(command, ...args) {
  return [command, "-C", join(root, "sandbox", "engine", "pulumi-cli"), "-mod=readonly", ...args];
}

const inWords = (count) => count.toLocaleString("en-US");
