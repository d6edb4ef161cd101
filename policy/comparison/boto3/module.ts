import { loadProgram } from "../../../sandbox/engine/program.ts";
import { clientOf, type Names, type ServiceNames } from "./names.ts";

const { pascalCase } = loadProgram<typeof import("../../code/python/pascal-case.ts")>(
  "policy/code/python/pascal-case.ts",
);

/** The text of policy/data/boto3.ts. */
export function moduleText({ version, aliases, services, resources }: Names): string {
  const differing = entriesOf(services, (it, service) => {
    const client = clientOf(it.id);
    return client === service ? undefined : client;
  });
  const clients = { ...differing, ...aliases };
  const operations = entriesOf(services, (it) => irregular(it.operations));
  const waiters = entriesOf(services, (it) => irregular(waiterNames(it)));
  return `import type { ResourceTypeNames } from "../code/python/resources.ts";

/**
 * What boto3's names mean, as far as the names themselves do not say it. By boto3's name of the service.
 *
 * Source: the models of boto3 ${version} and its botocore, and boto3's classes.
 * https://github.com/boto/boto3/tree/develop/boto3/data
 * https://github.com/boto/botocore/tree/develop/botocore/data
 * Refresh: \`npm run boto3\` writes this file from the version in policy/comparison/requirements.txt.
 */
export const boto3Version = "${version}";

/** The service's client in the SDK for JavaScript, by which the other tables are keyed. */
export const clients: Readonly<Record<string, string>> = ${printed(clients)};

/** Operations by the client's method, if the method in Pascal case is not the operation. */
export const irregularOperations: Readonly<Record<string, Readonly<Record<string, string>>>> = ${printed(operations)};

/** Waiters by boto3's name, if that in Pascal case is not the waiter. */
export const irregularWaiters: Readonly<Record<string, Readonly<Record<string, string>>>> = ${printed(waiters)};

/** Types of \`boto3.resource(…)\`; \`ServiceResource\` is the resource itself. */
export const resourceTypes: Readonly<
  Record<string, Readonly<Record<string, ResourceTypeNames>>>
> = ${printed(resources)};
`;
}

function waiterNames({ waiters }: ServiceNames): Record<string, string> {
  return Object.fromEntries(Object.entries(waiters).map(([key, { name }]) => [key, name]));
}

function irregular(names: Readonly<Record<string, string>>): object | undefined {
  const found = Object.entries(names).filter(([name, written]) => pascalCase(name) !== written);
  return found.length > 0 ? Object.fromEntries(found) : undefined;
}

/** Entries by key, without those that have no value. */
function entriesOf<T>(
  of: Readonly<Record<string, T>>,
  value: (it: T, key: string) => unknown,
): Record<string, unknown> {
  const entries = Object.entries(of).map(([key, it]) => [key, value(it, key)] as const);
  return Object.fromEntries(entries.filter(([, it]) => it !== undefined));
}

const lineWidth = 100;

/** A literal, with as much in a line as fits. */
function printed(value: unknown, indent = "", before = 0): string {
  const line = inLine(value);
  if (before + line.length < lineWidth || typeof value !== "object" || value === null) return line;
  const inner = `${indent}  `;
  if (Array.isArray(value)) return `[\n${filled(value.map(inLine), inner)}\n${indent}]`;
  const entries = Object.entries(value).map(([key, it]) => {
    const start = `${inner}${keyText(key)}: `;
    return `${start}${printed(it, inner, start.length)},`;
  });
  return `{\n${entries.join("\n")}\n${indent}}`;
}

function inLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inLine).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, it]) => `${keyText(key)}: ${inLine(it)}`);
  return entries.length > 0 ? `{ ${entries.join(", ")} }` : "{}";
}

/** Items in as few lines as possible. */
function filled(items: readonly string[], indent: string): string {
  const lines: string[] = [];
  for (const item of items) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + item.length + 2 < lineWidth) {
      lines[lines.length - 1] = `${last} ${item},`;
    } else lines.push(`${indent}${item},`);
  }
  return lines.join("\n");
}

function keyText(key: string): string {
  return /^[A-Za-z_]\w*$/.test(key) ? key : JSON.stringify(key);
}
