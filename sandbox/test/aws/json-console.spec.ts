import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect } from "chai";

const file = join(import.meta.dirname, "..", "..", "aws", "json-console.cjs");

/** What a program prints that runs with the file, as a function's worker does. */
function print(program: string, env: Record<string, string>) {
  const { stdout, stderr } = spawnSync(process.execPath, ["--require", file, "-e", program], {
    encoding: "utf8",
    env,
  });
  return { stdout, stderr };
}

describe("json-console.cjs", () => {
  const worker = { AWS_LAMBDA_FUNCTION_NAME: "reboot" };

  it("makes each line of a function's log JSON, with its level", () => {
    const program =
      'console.info({ outcome: "rebooted" }); console.warn("late"); console.error({ a: 1 });';

    const { stdout, stderr } = print(program, worker);

    const lines = `${stdout}${stderr}`.trim().split("\n");
    const records = lines.map((line) => JSON.parse(line));
    expect(records.map(({ level, message }) => [level, message])).to.deep.equal([
      ["INFO", { outcome: "rebooted" }],
      ["WARN", "late"],
      ["ERROR", { a: 1 }],
    ]);
    expect(records[0].timestamp).to.match(/^\d{4}-\d\d-\d\dT[\d:.]{12}Z$/);
  });

  it("changes nothing in other programs", () => {
    expect(print('console.info("text")', {}).stdout).to.equal("text\n");
  });
});
