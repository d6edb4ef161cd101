import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { commandsIn } from "../rehearsal/commands.ts";
import { logOf } from "./report/logs.ts";

const script = join(import.meta.dirname, "..", "..", ".github", "pulumi.sh");

describe(".github/pulumi.sh", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "pulumi-sh-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Runs it with these lines of shell as `pulumi`. */
  function run(pulumi: string, environment: Record<string, string> = {}) {
    const cli = join(folder, "pulumi");
    writeFileSync(cli, `#!/usr/bin/env bash\n${pulumi}\n`);
    chmodSync(cli, 0o755);
    const commands = {
      GITHUB_OUTPUT: join(folder, "output"),
      GITHUB_ENV: join(folder, "env"),
      GITHUB_PATH: join(folder, "path"),
      GITHUB_STATE: join(folder, "state"),
      GITHUB_STEP_SUMMARY: join(folder, "summary"),
    };
    const words = [script, "preview", "--diff", "--policy-pack", "a folder"];
    const { status, stdout, stderr } = spawnSync("bash", words, {
      encoding: "utf8",
      env: {
        PATH: `${folder}:${process.env.PATH}`,
        OUTPUT: join(folder, "out"),
        STACK: "dev",
        ...commands,
        ...environment,
      },
    });
    return { code: status, output: stdout, error: stderr };
  }

  const left = (name: string) => readFileSync(join(folder, "out", name), "utf8");
  const unwritten = { GITHUB_OUTPUT: "", GITHUB_ENV: "", GITHUB_PATH: "" };

  it("runs the command for the stack, and keeps the engine's events and the output", () => {
    const { code } = run(`echo "$PULUMI_DEBUG_COMMANDS"; printf '%s\\n' "$@"; echo bad >&2`);

    expect(code).to.equal(0);
    const [log, ...words] = left("preview.txt").trim().split("\n").reverse();
    expect(log)
      .to.match(/^\/.+\/events\.json$/)
      .and.not.include(folder);
    expect(words.reverse()).to.deep.equal([
      "true",
      "preview",
      "--diff",
      "--policy-pack",
      "a folder",
      "--stack",
      "dev",
      "--non-interactive",
      "--color",
      "never",
      "--suppress-progress",
      "--event-log",
    ]);
    expect(left("preview-errors.txt")).to.equal("bad\n");
  });

  /** A `pulumi` that writes this event log and exits with this code. */
  const logging = (log: string, code = 0) => {
    writeFileSync(join(folder, "log"), log);
    return `cp '${join(folder, "log")}' "\${@: -1}"\nexit ${code}`;
  };

  it("keeps the engine's events without debug messages, which contain secrets", () => {
    const debug = { diagnosticEvent: { severity: "debug", message: "S3CR3T", color: "never" } };

    const { code } = run(logging(logOf([debug], {})));

    expect(code).to.equal(0);
    expect(left("events.json")).to.include("summaryEvent").and.not.include("S3CR3T");
    expect(readdirSync(join(folder, "out"))).to.have.members([
      "events.json",
      "preview.txt",
      "preview-errors.txt",
    ]);
  });

  it("fails if the events cannot be read, with the exit code of pulumi if that failed", () => {
    expect(run(logging("no JSON")).code).to.equal(1);
    expect(run(logging("no JSON", 7)).code).to.equal(7);
  });

  it("exits with the exit code of pulumi", () => {
    expect(run("exit 0").code).to.equal(0);
    expect(run("exit 7").code).to.equal(7);
    expect(run("kill -9 $$").code).to.equal(137);
  });

  it("prints pulumi's output on one stream, and none of it as a command", () => {
    const { output, error } = run(
      [
        `echo "::set-output name=outcome::success"`,
        `echo "##[error]one" >&2`,
        `echo "::stop-commands::mine"; echo "::mine::"; echo "::error::two"`,
        `printf "::add-mask::a\\r::add-path::/tmp"`,
      ].join("\n"),
    );

    expect(error).to.equal("");
    for (const it of ["name=outcome", "]one", "::error::two", "::add-path::"]) {
      expect(output).to.include(it);
    }
    expect(commandsIn(output, unwritten)).to.deep.equal({
      outputs: {},
      variables: {},
      paths: [],
      errors: [],
      refusals: [],
    });
  });

  it("stops commands with a new word each time, before it prints anything else", () => {
    const words = [run("true"), run("true")].map(({ output }) => output.split("\n")[0] ?? "");

    for (const it of words) expect(it).to.match(/^::stop-commands::[0-9a-f-]{36}$/);
    expect(words[0]).not.to.equal(words[1]);
  });

  it("hides the runner's variables from pulumi, and keeps the rest", () => {
    run("env", {
      ACTIONS_ID_TOKEN_REQUEST_URL: "url",
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: "token",
      ACTIONS_RUNTIME_TOKEN: "token",
      ACTIONS_RESULTS_URL: "url",
      ACTIONS_CACHE_URL: "url",
      GITHUB_SHA: "1a2b",
      SUMOLOGIC_ACCESSID: "id",
    });

    const names = left("preview.txt")
      .split("\n")
      .map((line) => line.split("=")[0]);
    expect(names.filter((it) => /^(ACTIONS|GITHUB)_/.test(it ?? ""))).to.deep.equal(["GITHUB_SHA"]);
    expect(names).to.include("SUMOLOGIC_ACCESSID");
  });

  it("fails even if the program rewrites the script while it runs", () => {
    const copy = join(folder, "copy.sh");
    writeFileSync(copy, readFileSync(script));
    writeFileSync(
      join(folder, "pulumi"),
      `#!/bin/sh\nyes 'exit 0' | head -c 9000 >>${copy}\nexit 3\n`,
    );
    chmodSync(join(folder, "pulumi"), 0o755);

    const { status } = spawnSync("bash", [copy, "preview"], {
      env: { PATH: `${folder}:${process.env.PATH}`, OUTPUT: join(folder, "out"), STACK: "dev" },
    });

    expect(status).to.equal(3);
  });
});
