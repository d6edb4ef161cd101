// Previews one program once and prints the milliseconds since this process started, less those
// that the emulator and the making of the stack took.
import { createRequire } from "node:module";
import { join } from "node:path";
import { loadProgramAnew } from "../sandbox/program.ts";
import { startTestWorld } from "../test/e2e/support.ts";

const root = join(import.meta.dirname, "..");
const emptyProgram = "test/fixtures/programs/empty.ts";

/** As Pulumi's language host loads a program by default: cmd/run/run.js of @pulumi/pulumi. */
function loadChecked(program: string) {
  const require = createRequire(import.meta.url);
  const compilerOptions = { target: "ES2020", module: "nodenext", moduleResolution: "nodenext" };
  require("ts-node").register({ typeCheck: true, skipProject: true, compilerOptions });
  return { ...require(join(root, program)) };
}

/** What is previewed; without a word of its own, the program of this repository with its pack. */
const kinds = {
  own: {},
  "own-without-pack": { policyPack: null },
  "own-with-empty-pack": { policyPack: join(root, "test", "fixtures", "packs", "empty") },
  "empty-checked": { program: emptyProgram, policyPack: null, load: loadChecked },
  empty: { program: emptyProgram, policyPack: null, load: loadProgramAnew },
} as const;
export type PreviewKind = keyof typeof kinds;

const beforeMs = performance.now();
const world = await startTestWorld();
try {
  const engine = await world.createEngine(kinds[process.argv[2] as PreviewKind]);
  const setUpMs = performance.now() - beforeMs;
  await engine.preview();
  console.log(performance.now() - setUpMs);
} finally {
  await world.stop();
}
process.exit(0);
