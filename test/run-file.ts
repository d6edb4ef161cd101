// Runs one test file in a process of its own and sends the count to the process that started it.
import { runMocha } from "./mocha.ts";

const [file = "", timeoutMs] = process.argv.slice(2);
process.send?.(await runMocha([file], Number(timeoutMs)), () => process.exit(0));
