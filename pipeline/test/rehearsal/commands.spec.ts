import { expect } from "chai";
import { type CommandFiles, commandsIn } from "../../rehearsal/commands.ts";

const empty: CommandFiles = { GITHUB_OUTPUT: "", GITHUB_ENV: "", GITHUB_PATH: "" };
const printed = (...lines: string[]) => commandsIn(lines.join("\n"), empty);
const written = (files: Partial<CommandFiles>) => commandsIn("", { ...empty, ...files });

describe("commandsIn", () => {
  for (const [line, outputs] of [
    ["::set-output name=a::1", { a: "1" }],
    ["  ::SET-OUTPUT name=a,b=c::1%0A2%25", { a: "1\n2%" }],
    ["text ##[set-output name=a;b=c]1%5D", { a: "1]" }],
    ["text ::set-output name=a::1", {}],
    ["::unknown name=a::1", {}],
    ["::set-output name=a:1", {}],
  ] as const) {
    it(`finds the outputs ${JSON.stringify(outputs)} in ${JSON.stringify(line.replace("##", "# #"))}`, () => {
      expect(printed(line).outputs).to.deep.equal(outputs);
    });
  }

  it("finds annotations of level error, in both forms", () => {
    const { errors } = printed("::error title=Up,file=a::It failed", "##[error]It, too");

    expect(errors).to.deep.equal(["Up: It failed", "It, too"]);
  });

  it("fails a step that prints a disabled command", () => {
    const { refusals, variables, paths } = printed("::set-env name=A::1", "##[add-path]/tmp");

    expect(refusals).to.deep.equal([
      "The `set-env` command is disabled.",
      "The `add-path` command is disabled.",
    ]);
    expect({ variables, paths }).to.deep.equal({ variables: {}, paths: [] });
  });

  it("follows no command between stop-commands and its token", () => {
    const { outputs, errors } = printed(
      "::stop-commands::4f",
      "::set-output name=a::1",
      "##[error]No",
      "::stop-commands::other",
      "::other::",
      "text ::4f::",
      "::error::No",
      "::4F::",
      "::set-output name=b::2",
    );

    expect({ outputs, errors }).to.deep.equal({ outputs: { b: "2" }, errors: [] });
  });

  it("treats a carriage return as the end of a line, as the runner does", () => {
    expect(printed("text\r::error::Yes").errors).to.deep.equal(["Yes"]);
  });

  it("reads outputs, variables and paths from the files", () => {
    const { outputs, variables, paths } = written({
      GITHUB_OUTPUT: "a=1\nb<<END\n2=\n3\nEND\nc=x=<<y\n",
      GITHUB_ENV: "D=4\n\nE=",
      GITHUB_PATH: "/first\n/second\n",
    });

    expect(outputs).to.deep.equal({ a: "1", b: "2=\n3", c: "x=<<y" });
    expect(variables).to.deep.equal({ D: "4", E: "" });
    expect(paths).to.deep.equal(["/first", "/second"]);
  });

  for (const [file, refusal] of [
    ["no sign", "Unable to process file command 'GITHUB_ENV': Invalid format 'no sign'"],
    [
      "A<<END\n1",
      "Unable to process file command 'GITHUB_ENV': Matching delimiter not found 'END'",
    ],
    ["NODE_OPTIONS=--require x", "Can't store NODE_OPTIONS output parameter"],
  ] as const) {
    it(`fails a step that leaves ${JSON.stringify(file)} for variables`, () => {
      expect(written({ GITHUB_ENV: file })).to.deep.include({ refusals: [refusal], variables: {} });
    });
  }
});
