import { ownValue } from "../field.ts";
import { documentOperations, helpers } from "./libraries.ts";
import { operationOf, type Permissions } from "./operations.ts";
import { clientOf } from "./specifiers.ts";
import type { Use } from "./uses.ts";
import { waitedFor } from "./waiters.ts";

export type Answer =
  | ({ readonly kind: "known"; readonly name: string } & Permissions)
  /** Nothing that calls AWS. */
  | { readonly kind: "nothing" }
  /** A call of the SDK of which it is not known what it needs: the end of `its code …`. */
  | { readonly kind: "unseen"; readonly why: string };

type Asked = Pick<Use, "name" | "kind" | "from" | "where">;

/** What a use of the SDK needs; `packages` are those of the SDK that the code names. */
export async function permissionsOf(use: Asked, packages: readonly string[]): Promise<Answer> {
  return use.from === undefined ? byName(use, packages) : exactly(use, use.from);
}

async function exactly(use: Asked, from: string): Promise<Answer> {
  const name = `${use.name} of ${from}`;
  const helper = ownValue(ownValue(helpers, from) ?? {}, use.name);
  if (helper) return { kind: "known", name, ...helper };
  const called = operationNamed(use, from);
  if (called === undefined) return { kind: "nothing" };
  const why = (what: string) => `calls ${name} (${use.where}), ${what}`;
  if (called.operation === undefined) {
    return { kind: "unseen", why: why("a waiter whose operation is not known") };
  }
  const found = await operationOf(called.client, called.operation);
  switch (found.kind) {
    case "known":
      return { ...found, name };
    case "unknown-client":
      return { kind: "unseen", why: why("whose service in IAM is not known") };
    case "unknown-operation":
      return { kind: "unseen", why: why("for which the reference has no action") };
  }
}

/** By name alone: whatever of the named packages has it; alternatives, where several have. */
async function byName(use: Asked, packages: readonly string[]): Promise<Answer> {
  const found: { from: string; permissions: Permissions }[] = [];
  for (const from of packages) {
    const answer = await exactly(use, from);
    if (answer.kind === "known") found.push({ from, permissions: answer });
  }
  if (found.length === 0) return { kind: "nothing" };
  const name = `${use.name} of ${found.map(({ from }) => from).join(" or ")}`;
  const all = found.map(({ permissions }) => permissions);
  return {
    kind: "known",
    name,
    needs: all.map(({ needs }) => needs).reduce(eitherOf),
    mayUse: [...new Set(all.flatMap(({ mayUse }) => mayUse))],
  };
}

type Needs = Permissions["needs"];

/** What is needed where one list of needs or another is: (a and b) or c is (a or c) and (b or c). */
function eitherOf(some: Needs, others: Needs): Needs {
  const pairs = some.flatMap((one) => others.map((it) => [...new Set([...one, ...it])]));
  const texts = new Set(pairs.map((it) => JSON.stringify(it)));
  return [...texts].map((it) => JSON.parse(it));
}

interface Called {
  readonly client: string;
  /** Nothing for a waiter that is not known. */
  readonly operation: string | undefined;
}

/** The operation that a class, a function or a method of a package stands for. */
function operationNamed({ name, kind }: Asked, from: string): Called | undefined {
  const isDocument = from === "@aws-sdk/lib-dynamodb";
  const client = isDocument ? "dynamodb" : clientOf(from);
  if (client === undefined) return undefined;
  const waiter = /^waitUntil([A-Z]\w*)$/.exec(name)?.[1];
  if (kind === "function" && waiter !== undefined) {
    return { client, operation: waitedFor(client, waiter) };
  }
  const word = wordOf(name, kind);
  if (word === undefined) return undefined;
  if (!isDocument) return { client, operation: word };
  const operation = ownValue(documentOperations, word);
  return operation === undefined ? undefined : { client, operation };
}

function wordOf(name: string, kind: Use["kind"]): string | undefined {
  switch (kind) {
    case "class":
      return /^([A-Z]\w*)Command$/.exec(name)?.[1];
    case "function":
      return /^paginate([A-Z]\w*)$/.exec(name)?.[1];
    case "method": {
      const method = /^(?:paginate)?([a-zA-Z]\w*)$/.exec(name)?.[1];
      return method && method[0]?.toUpperCase() + method.slice(1);
    }
  }
}
