// `npm run faults`: runs each AWS call of the function, of one for a group, and of the pipe and the rules with each
// fault, and writes docs/faults.md.
// Takes minutes. The long tier of tests compares the page.
import { writeFileSync } from "node:fs";
import { faultsDocument } from "./document.ts";
import { eventFaultsPart } from "./events/document.ts";
import { EventMatrix } from "./events/matrix.ts";
import { eventRows } from "./events/rows.ts";
import { groupFaultsPart } from "./group/document.ts";
import { startGroupMatrix } from "./group/matrix.ts";
import { groupRows } from "./group/rows.ts";
import { faultsPage, runAllRows, startMatrix } from "./matrix.ts";

const matrix = await startMatrix(12);
const results = await runAllRows(matrix).finally(() => matrix.stop());
const group = await startGroupMatrix(8);
const groupResults = await group.run(groupRows).finally(() => group.stop());
const events = await EventMatrix.start();
const eventResults = await events.run(eventRows).finally(() => events.stop());
const parts = [
  faultsDocument(results),
  groupFaultsPart(groupResults),
  eventFaultsPart(eventResults),
];
writeFileSync(faultsPage, parts.join("\n"));
console.log("wrote docs/faults.md");
