import type { CodeBudget } from "./budget.ts";
import { isOfCredentials } from "./bundled.ts";
import type { Call, Calls } from "./calls.ts";
import { type Input, inputOf } from "./inputs.ts";
import { holdsSdk } from "./limits.ts";
import type { Permissions } from "./operations.ts";
import { permissionsOf } from "./permissions.ts";
import { libraryOf } from "./specifiers.ts";
import { isTransaction, type Keys, transactionOf } from "./transactions.ts";
import type { Use, Uses } from "./uses.ts";
import { isAggregatedName, type SourceModule, type Values } from "./values.ts";

/** A file, and what it uses of the SDK. */
export interface Found {
  readonly module: SourceModule;
  readonly uses: Uses;
}

/** To find an operation in a package takes as long as so many visits of nodes. */
const stepsOfLookup = 100;

/** The calls behind what the files of a package use; `unseen` are ends of `its code …`. */
export async function callsIn(
  found: readonly Found[],
  values: Values,
  budget: CodeBudget,
): Promise<Calls> {
  const all = found.map(({ uses }) => uses);
  const packages = packagesOf(all);
  const uses = all.reduce((sum, it) => sum + it.uses.length + it.methods.size, 0);
  // Each use is compared with each package.
  budget.countSteps(uses * packages.length * stepsOfLookup);
  const aggregated = packages.filter((it) => all.some(({ uses }) => makesAggregated(uses, it)));
  const keys = {
    objectKeys: union(all.map(({ objectKeys }) => objectKeys)),
    openKeys: union(all.map(({ openKeys }) => openKeys)),
  };
  const calls: Made[] = [];
  const unseen: string[] = [];
  for (const { module, uses } of found) {
    const isLibrary = libraryOf(module.path) !== undefined;
    const isBundle = holdsSdk(module.text);
    for (const use of uses.uses) {
      // The SDK has tables of all its commands.
      if (isBundle && !use.isCalled) continue;
      const answer = await permissionsOf(use, packages);
      if (answer.kind === "unseen" && !isLibrary) unseen.push(answer.why);
      if (answer.kind !== "known") continue;
      const call = callOf(use, answer, keys, inputOf(use.input, module, values));
      const isOptional = isLibrary || (isBundle && mayBeOfSdk(use, values));
      calls.push({ ...(isOptional ? optional(call) : call), isCalled: use.isCalled });
    }
    for (const [name, where] of uses.methods) {
      const use = { name, kind: "method", from: undefined, where } as const;
      const answer = await permissionsOf(use, aggregated);
      if (answer.kind !== "known") continue;
      const call = callOf(use, answer, keys, { variables: [], arns: [] });
      calls.push({ ...optional(call), isCalled: true });
    }
  }
  return { calls: distinct(calls), unseen };
}

/** True for what the SDK does in a bundle: its waiters hand on their input, and it signs in. */
function mayBeOfSdk({ from, input }: Use, values: Values): boolean {
  return isOfCredentials(from) || (input !== undefined && values.of(input).kind === "member");
}

/** The packages of the SDK that the files name. */
function packagesOf(all: readonly Uses[]): string[] {
  const names = all.flatMap(({ modules }) => [...modules.keys()]);
  return [...new Set(names)].filter((it) => it.startsWith("@aws-sdk/"));
}

/** True if code makes a client of the package that has a method for each operation. */
function makesAggregated(uses: readonly Use[], from: string): boolean {
  return uses.some((it) => (it.from ?? from) === from && isAggregatedName(from, it.name));
}

function union(sets: readonly ReadonlySet<string>[]): ReadonlySet<string> {
  return new Set(sets.flatMap((it) => [...it]));
}

interface Named extends Permissions {
  readonly name: string;
}

function callOf(
  { where }: Pick<Use, "where">,
  { name, ...answer }: Named,
  keys: Keys,
  input: Input,
): Call {
  const { needs, mayUse } = isTransaction(name) ? transactionOf(answer, keys) : answer;
  return { name, needs, mayUse, ...input, where };
}

/** A call of which it is not sure that the code makes it. */
function optional({ needs, mayUse, ...call }: Call): Call {
  return { ...call, needs: [], mayUse: [...new Set([...needs.flat(), ...mayUse])] };
}

interface Made extends Call {
  readonly isCalled: boolean;
}

/** Each call once, by what it is about; one that is only named counts if it is not made anywhere. */
function distinct(calls: readonly Made[]): Call[] {
  const made = new Set(calls.flatMap(({ isCalled, name }) => (isCalled ? name : [])));
  const found = new Map<string, Call>();
  for (const { isCalled, ...call } of calls) {
    const { where: _, ...about } = call;
    const key = JSON.stringify(about);
    if ((isCalled || !made.has(call.name)) && !found.has(key)) found.set(key, call);
  }
  return [...found.values()];
}
