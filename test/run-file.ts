// Runs one test file in a process of its own and sends the count to the process that started it.
import Mocha from "mocha";

const [file = "", timeoutMs] = process.argv.slice(2);
const mocha = new Mocha({ timeout: Number(timeoutMs), forbidOnly: true, forbidPending: true });
mocha.addFile(file);
await mocha.loadFilesAsync();
const runner = mocha.run(() => {
  const { passes: passed = 0, failures: failed = 0 } = runner.stats ?? {};
  process.send?.({ passed, failed }, () => process.exit(0));
});
