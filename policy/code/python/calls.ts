import type { CodeBudget } from "../budget.ts";
import type { Calls } from "../calls.ts";
import { optional } from "../collected-calls.ts";
import type { PackageCode } from "../language.ts";
import type { Keys } from "../transactions.ts";
import { collectCalls } from "./call-collector.ts";
import { argumentsIn } from "./call-sites.ts";
import { Evaluator } from "./evaluator.ts";
import { liveFunctionsIn } from "./live-functions.ts";
import { Program, type ProgramFile } from "./program.ts";
import { reachedCode } from "./reached.ts";
import { signsRequests } from "./signers.ts";
import { child, walkNodes } from "./syntax.ts";
import { usesIn } from "./uses.ts";

/** Finds the calls of boto3 in the code that a function's handler reaches. */
export async function findCalls(code: PackageCode, budget: CodeBudget): Promise<Calls> {
  const reached = await reachedCode(code, budget);
  const program = new Program(reached, budget);
  const { files } = program;
  const evaluator = new Evaluator(program);
  // The arguments that are found first decide further ones, so the second round uses them.
  for (let round = 0; round < 2; round++) evaluator.withArguments(argumentsIn(files, evaluator));
  const live = liveFunctionsIn(files, reached.entry?.name, evaluator);
  const uses = usesIn(files, live, evaluator);
  const { calls, unresolved } = await collectCalls(uses, keysIn(files), evaluator);
  const errors = reached.files.flatMap(({ path, tree: { errorLine } }) =>
    errorLine === undefined ? [] : `has a file that is not fully read (${path}:${errorLine})`,
  );
  const signers = files.filter(({ root }) => signsRequests(root));
  const signing = signers.map(
    ({ path }) => `signs requests itself (${path}), so any call is possible`,
  );
  const all = [...reached.gaps, ...signing, ...errors, ...uses.unresolved, ...unresolved];
  // Without a handler, the code may be another function's.
  const ofFunction = reached.entry ? calls : calls.map(optional);
  return {
    calls: ofFunction,
    unresolved: [...new Set(all)].map((it) => `its code ${it}`),
    caveats: [],
  };
}

/** The keys of the program's dictionaries. */
function keysIn(files: readonly ProgramFile[]): Keys {
  const objectKeys = new Set<string>();
  const unknownKeys = new Set<string>();
  for (const { root } of files) {
    walkNodes(root, (node) => {
      const key = node.type === "pair" ? child(node, "key")?.children[1]?.text : undefined;
      const value = child(node, "value");
      if (key !== undefined && value?.type === "dictionary") objectKeys.add(key);
      else if (key !== undefined && value?.type !== "string") unknownKeys.add(key);
      return true;
    });
  }
  return { objectKeys, unknownKeys };
}
