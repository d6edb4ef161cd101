import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { stackOutputs } from "../../../sandbox/probe.ts";
import { root, startTestWorld, type TestWorld } from "../support.ts";
import { faultsDocument, toldText } from "./document.ts";
import { createLanes } from "./lanes.ts";
import { rows } from "./rows.ts";
import { type Armed, type Result, runRow } from "./run.ts";
import { Witness } from "./witness.ts";

const side = 18;
const file = join(root, "docs", "faults.md");

describe("each AWS call of the function with each fault", function () {
  this.timeout(400_000);
  const results: Result[] = [];
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
    const queue = [...rows];
    const { tableName } = outputs;
    await Promise.all(
      lanes.map(async (lane) => {
        for (let row = queue.shift(); row; row = queue.shift()) {
          results.push(await runRow(row, lane, { world, witness, tableName, armed }));
        }
      }),
    );
  });
  after(async () => {
    witness.stop();
    await world.stop();
  });

  const named = ({ row, ...result }: Result) =>
    `${row.call.name}, ${row.kind} ${row.when}: ${toldText({ row, ...result })}`;

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

  it("ends as docs/faults.md says", () => {
    const document = faultsDocument(results);
    const committed = existsSync(file) ? readFileSync(file, "utf8") : "";
    if (document !== committed) writeFileSync(file, document);

    expect(committed, "docs/faults.md is written anew: read the difference").to.equal(document);
  });
});
