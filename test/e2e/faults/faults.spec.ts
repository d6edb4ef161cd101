import { randomInt } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { stackOutputs } from "../../../sandbox/scenario/stack-client.ts";
import {
  root,
  startTestEnvironment,
  type TestEnvironment,
} from "../../../sandbox/test-environment.ts";
import { callsThatDiffer, faultsDocument, notificationsText } from "./document.ts";
import { Recorder } from "./recorder.ts";
import { type Row, rows } from "./rows.ts";
import { type Armed, type Result, runRow } from "./run.ts";
import { createWorkers, type Worker } from "./workers.ts";

const side = 12;
/** Selects the rows that run again; see the test's title. */
const seed = Number(process.env.FAULTS_SEED ?? randomInt(2 ** 31));

/** A random tenth of the rows, the same for the same seed. */
function tenthOf(all: readonly Row[]): Row[] {
  const length = Math.ceil(all.length / 10);
  const tenths = fc.shuffledSubarray([...all], { minLength: length, maxLength: length });
  return fc.sample(tenths, { seed, numRuns: 1 })[0] ?? [];
}

const file = join(root, "docs", "faults.md");
const committed = existsSync(file) ? readFileSync(file, "utf8") : "";

/** A row without a fault that warms up a worker's function. */
const warmUp: Row = {
  call: { scenario: "alert", name: "none", action: "none" },
  kind: "denied",
  when: "before",
};

describe("each AWS call of the function with each fault", function () {
  this.timeout(1_800_000);
  const results: Result[] = [];
  /** Second runs of rows whose first result matched the committed one. */
  const secondResults: Result[] = [];
  let environment: TestEnvironment;
  let recorder: Recorder;
  before(async () => {
    environment = await startTestEnvironment();
    const { stack, up } = await environment.createEngine({ policyPack: null });
    await up();
    const outputs = stackOutputs(await stack.outputs());
    recorder = await Recorder.of(environment.aws, outputs);
    const workers = await createWorkers(environment.aws, outputs, side);
    const armed: Armed = new Map();
    environment.gateway.longestDelaySeconds = 0;
    environment.gateway.faults = ({ functionName, action, body }) => {
      const row = armed.get(functionName);
      if (row?.call.action !== action || !body.includes(row.call.includes ?? "")) return undefined;
      return { kind: row.kind, when: row.when };
    };
    const { tableName } = outputs;
    const runAll = async (its: readonly Row[], inWorkers: readonly Worker[]) => {
      const queue = [...its];
      const done: Result[] = [];
      await Promise.all(
        inWorkers.map(async (worker) => {
          for (let row = queue.shift(); row; row = queue.shift()) {
            done.push(await runRow(row, worker, { environment, recorder, tableName, armed }));
          }
        }),
      );
      return done;
    };
    await runAll(Array(side).fill(warmUp), workers);
    results.push(...(await runAll(rows, workers)));
    // On a busy machine a check may take so long that its message is delivered again, which changes the
    // result. So rows that differ from the committed results run once more, on fewer workers.
    const differing = callsThatDiffer(faultsDocument(results), committed);
    const differs = ({ call }: Row) => differing.includes(call);
    const sample = tenthOf(rows.filter((row) => !differs(row)));
    const again = await runAll([...rows.filter(differs), ...sample], workers.slice(0, 4));
    for (const result of again) {
      if (!differs(result.row)) {
        secondResults.push(result);
        continue;
      }
      results.splice(
        results.findIndex(({ row }) => row === result.row),
        1,
        result,
      );
    }
  });
  after(async () => {
    recorder.stop();
    await environment.stop();
  });

  const named = ({ row, ...result }: Result) =>
    `${row.call.name}, ${row.kind} ${row.when}: ${notificationsText({ row, ...result })}`;

  const endOf = ({ row: _, ...end }: Result) => JSON.stringify(end);

  it("never reboots twice, even if the alert is repeated", () => {
    expect(results).to.have.length(rows.length);
    expect(results.filter(({ reboots }) => reboots > 1).map(named)).to.deep.equal([]);
  });

  it("always causes an e-mail or an alarm within 20 minutes", () => {
    const silent = results.filter(({ notifiedMinutes }) => notifiedMinutes > 20);

    expect(silent.map(named)).to.deep.equal([]);
  });

  it("always reports the result of a reboot", () => {
    const ends = [
      "Recovered",
      "NOT recovered after the reboot",
      "Reboot claimed but never confirmed",
    ];
    const unreported = results.filter(
      ({ mails, alarms }) =>
        mails.some((it) => it.startsWith("Rebooted")) &&
        alarms.length === 0 &&
        !mails.some((it) => ends.includes(it)),
    );

    expect(unreported.map(named)).to.deep.equal([]);
  });

  // A row that differs runs again above, so a row with two possible results could pass for years.
  it(`has the same results when a random tenth of the rows runs again (repeat it with FAULTS_SEED=${seed})`, () => {
    expect(secondResults).not.to.deep.equal([]);
    const other = secondResults.filter((again) => {
      const first = results.find(({ row }) => row === again.row);
      return first && endOf(first) !== endOf(again);
    });

    expect(other.map(named)).to.deep.equal([]);
  });

  it("has the results in docs/faults.md", () => {
    const document = faultsDocument(results);
    if (document !== committed) writeFileSync(file, document);

    expect(committed, "docs/faults.md was regenerated: read the difference").to.equal(document);
  });
});
