import { randomInt } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { stackOutputs } from "../../../sandbox/scenario/probe.ts";
import { root, startTestWorld, type TestWorld } from "../../../sandbox/test-world.ts";
import { callsThatDiffer, faultsDocument, toldText } from "./document.ts";
import { createLanes, type Lane } from "./lanes.ts";
import { type Row, rows } from "./rows.ts";
import { type Armed, type Result, runRow } from "./run.ts";
import { Witness } from "./witness.ts";

const side = 12;
/** Chooses the rows that are played again; see the test's title. */
const seed = Number(process.env.FAULTS_SEED ?? randomInt(2 ** 31));

/** A tenth of the rows, any of them, the same for the same seed. */
function tenthOf(all: readonly Row[]): Row[] {
  const length = Math.ceil(all.length / 10);
  const tenths = fc.shuffledSubarray([...all], { minLength: length, maxLength: length });
  return fc.sample(tenths, { seed, numRuns: 1 })[0] ?? [];
}

const file = join(root, "docs", "faults.md");
const committed = existsSync(file) ? readFileSync(file, "utf8") : "";

/** A row in which nothing goes wrong, by which a lane's function starts before it counts. */
const warmUp: Row = {
  call: { scenario: "alert", name: "none", action: "none" },
  kind: "denied",
  when: "before",
};

describe("each AWS call of the function with each fault", function () {
  this.timeout(1_800_000);
  const results: Result[] = [];
  /** Rows that ended as is committed, played once more. */
  const playedAgain: Result[] = [];
  let world: TestWorld;
  let witness: Witness;
  before(async () => {
    world = await startTestWorld();
    const { stack, up } = await world.createEngine({ policyPack: null });
    await up();
    const outputs = stackOutputs(await stack.outputs());
    witness = await Witness.of(world.aws, outputs);
    const lanes = await createLanes(world.aws, outputs, side);
    const armed: Armed = new Map();
    world.gateway.longestDelaySeconds = 0;
    world.gateway.faults = ({ functionName, action, body }) => {
      const row = armed.get(functionName);
      if (row?.call.action !== action || !body.includes(row.call.includes ?? "")) return undefined;
      return { kind: row.kind, when: row.when };
    };
    const { tableName } = outputs;
    const play = async (its: readonly Row[], inLanes: readonly Lane[]) => {
      const queue = [...its];
      const played: Result[] = [];
      await Promise.all(
        inLanes.map(async (lane) => {
          for (let row = queue.shift(); row; row = queue.shift()) {
            played.push(await runRow(row, lane, { world, witness, tableName, armed }));
          }
        }),
      );
      return played;
    };
    await play(Array(side).fill(warmUp), lanes);
    results.push(...(await play(rows, lanes)));
    // On a busy machine a check may take so long that its message comes again meanwhile, which is
    // another story: what ends otherwise than is committed is played once more, in few lanes.
    const differing = callsThatDiffer(faultsDocument(results), committed);
    const differs = ({ call }: Row) => differing.includes(call);
    const sample = tenthOf(rows.filter((row) => !differs(row)));
    const again = await play([...rows.filter(differs), ...sample], lanes.slice(0, 4));
    for (const result of again) {
      if (!differs(result.row)) {
        playedAgain.push(result);
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
    witness.stop();
    await world.stop();
  });

  const named = ({ row, ...result }: Result) =>
    `${row.call.name}, ${row.kind} ${row.when}: ${toldText({ row, ...result })}`;

  const endOf = ({ row: _, ...end }: Result) => JSON.stringify(end);

  it("never reboots twice, the alert's repetition included", () => {
    expect(results).to.have.length(rows.length);
    expect(results.filter(({ reboots }) => reboots > 1).map(named)).to.deep.equal([]);
  });

  it("is never followed by silence: people get an e-mail or an alarm within 20 minutes", () => {
    const silent = results.filter(({ toldMinutes }) => toldMinutes > 20);

    expect(silent.map(named)).to.deep.equal([]);
  });

  it("never leaves the end of a reboot untold", () => {
    const ends = [
      "Recovered",
      "NOT recovered after the reboot",
      "Reboot claimed but never confirmed",
    ];
    const untold = results.filter(
      ({ mails, alarms }) =>
        mails.some((it) => it.startsWith("Rebooted")) &&
        alarms.length === 0 &&
        !mails.some((it) => ends.includes(it)),
    );

    expect(untold.map(named)).to.deep.equal([]);
  });

  // A row that differs is played again above, so a row with two possible ends could pass for years.
  it(`ends alike when a random tenth of the rows is played again (repeat it with FAULTS_SEED=${seed})`, () => {
    expect(playedAgain).not.to.deep.equal([]);
    const other = playedAgain.filter((again) => {
      const first = results.find(({ row }) => row === again.row);
      return first && endOf(first) !== endOf(again);
    });

    expect(other.map(named)).to.deep.equal([]);
  });

  it("ends as docs/faults.md says", () => {
    const document = faultsDocument(results);
    if (document !== committed) writeFileSync(file, document);

    expect(committed, "docs/faults.md is written anew: read the difference").to.equal(document);
  });
});
