// `npm run faults`: runs each AWS call of the function with each fault, and writes docs/faults.md.
// Takes minutes. The long tier of tests compares the page.
import { writeFileSync } from "node:fs";
import { faultsDocument } from "./document.ts";
import { faultsPage, runAllRows, startMatrix } from "./matrix.ts";

const matrix = await startMatrix(12);
try {
  writeFileSync(faultsPage, faultsDocument(await runAllRows(matrix)));
  console.log("wrote docs/faults.md");
} finally {
  await matrix.stop();
}
