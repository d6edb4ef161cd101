// `npm run faults`: runs each AWS call of the function, the pipe and the rules with each fault, and writes
// docs/faults.md.
// Takes minutes. The long tier of tests compares the page.
import { writeFileSync } from "node:fs";
import { faultsDocument } from "./document.ts";
import { eventFaultsPart } from "./events/document.ts";
import { EventMatrix } from "./events/matrix.ts";
import { eventRows } from "./events/rows.ts";
import { faultsPage, runAllRows, startMatrix } from "./matrix.ts";

const matrix = await startMatrix(12);
const results = await runAllRows(matrix).finally(() => matrix.stop());
const events = await EventMatrix.start();
const eventResults = await events.run(eventRows).finally(() => events.stop());
writeFileSync(faultsPage, `${faultsDocument(results)}\n${eventFaultsPart(eventResults)}`);
console.log("wrote docs/faults.md");
