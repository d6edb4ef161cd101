import type { CodeBudget } from "../budget.ts";
import type { Call, Calls, Input } from "../calls.ts";
import {
  type CollectedCall,
  distinct,
  type NamedPermissions,
  optional,
} from "../collected-calls.ts";
import { isTransaction, type Keys, transactionOf } from "../transactions.ts";
import { isCredentialPackage } from "./bundled.ts";
import { bundlesSdk } from "./bundles.ts";
import type { Evaluator } from "./evaluator.ts";
import { inputOf } from "./inputs.ts";
import type { SourceModule } from "./modules.ts";
import { permissionsOf } from "./permissions.ts";
import { isAggregatedClient } from "./specifiers.ts";
import type { Use, Uses } from "./uses.ts";

/** A file, and what it uses of the SDK. */
export interface UsingModule {
  readonly module: SourceModule;
  readonly uses: Uses;
}

/** Looking up an operation in a package takes as long as visiting this number of nodes. */
const stepsOfLookup = 100;

/** The calls behind what a package's files use; `unresolved` are ends of `its code …`. */
export async function collectCalls(
  files: readonly UsingModule[],
  evaluator: Evaluator,
  budget: CodeBudget,
): Promise<Pick<Calls, "calls" | "unresolved">> {
  const all = files.map(({ uses }) => uses);
  const packages = sdkPackagesOf(all);
  const count = all.reduce((sum, { uses, methods }) => sum + uses.length + methods.size, 0);
  // Each use is looked up in each package.
  budget.countSteps(count * packages.length * stepsOfLookup);
  const aggregated = packages.filter((it) => all.some(({ uses }) => createsAggregated(uses, it)));
  const keys = {
    objectKeys: union(all.map(({ objectKeys }) => objectKeys)),
    unknownKeys: union(all.map(({ unknownKeys }) => unknownKeys)),
  };
  const calls: CollectedCall[] = [];
  const unresolved: string[] = [];
  for (const { module, uses } of files) {
    const isBundle = bundlesSdk(module.text);
    for (const use of uses.uses) {
      const isOwn = use.owner === "program";
      const found = await permissionsOf(use, packages);
      if (found.kind === "unresolved" && isOwn) unresolved.push(found.why);
      if (found.kind !== "known") continue;
      const input = inputOf(use.input, module, evaluator);
      const call = callOf(use, found, keys, input);
      // The SDK itself signs in.
      const isOfSdk = isBundle && isCredentialPackage(use.from);
      const isOptional = isOfSdk || !(isOwn || (use.owner === "unknown" && namesResource(input)));
      calls.push({ ...(isOptional ? optional(call) : call), isCalled: use.isCalled });
    }
    if (uses.computedMethod !== undefined && aggregated.length > 0) {
      const ofClients = aggregated.join(" or ");
      unresolved.push(
        `calls a method by a computed name (${uses.computedMethod}), perhaps of a client of ${ofClients}`,
      );
    }
    for (const [name, where] of uses.methods) {
      const use = { name, kind: "method", from: undefined, where } as const;
      const found = await permissionsOf(use, aggregated);
      if (found.kind !== "known") continue;
      const call = callOf(use, found, keys, { variables: [], arns: [], names: [] });
      calls.push({ ...optional(call), isCalled: true });
    }
  }
  return { calls: distinct(calls), unresolved };
}

/** True for an input that only the program can have written: a library does not know its resources. */
function namesResource({ variables, arns, names }: Input): boolean {
  return (
    arns.length + names.length > 0 || variables.some((it) => !/^(AWS|LAMBDA|POWERTOOLS)_/.test(it))
  );
}

/** The packages of the SDK that the files name. */
function sdkPackagesOf(all: readonly Uses[]): string[] {
  const names = all.flatMap(({ modules }) => [...modules.keys()]);
  return [...new Set(names)].filter((it) => it.startsWith("@aws-sdk/"));
}

/** True if code creates the package's client that has a method for each operation. */
function createsAggregated(uses: readonly Use[], from: string): boolean {
  return uses.some((it) => (it.from ?? from) === from && isAggregatedClient(from, it.name));
}

function union(sets: readonly ReadonlySet<string>[]): ReadonlySet<string> {
  return new Set(sets.flatMap((it) => [...it]));
}

function callOf(
  use: Pick<Use, "name" | "where">,
  { name, ...permissions }: NamedPermissions,
  keys: Keys,
  input: Input,
): Call {
  const isWrite = isTransaction(use.name);
  const { needs, mayUse } = isWrite ? transactionOf(permissions, keys) : permissions;
  return { name, needs, mayUse, ...input, where: use.where };
}
