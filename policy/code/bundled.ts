import type { AnyNode } from "acorn";
import { lowerCase } from "../iam/letter-case.ts";
import { exceptions, unsigned } from "./exceptions.ts";
import { prefixes, withoutHyphens } from "./prefixes.ts";
import { find, type Scope } from "./scopes.ts";
import { literalOf, nameOf } from "./syntax.ts";

/** A class of the SDK's that a bundle has in itself. */
interface BundledCommand {
  /** The package that it is from, and its name there. */
  readonly from: string;
  readonly name: string;
}

/**
 * The command that a class is, where a file has the SDK in itself. Minified code keeps the texts:
 * `class a extends b(c, d, "Publish", e) {}`, where b is `f(g, "…", "SNSClient", h)`; and older,
 * `class a extends b.classBuilder()….n("SNSClient", "PublishCommand")….build() {}`.
 */
export function bundledCommand(node: AnyNode, scope: Scope): BundledCommand | undefined {
  const isClass = node.type === "ClassDeclaration" || node.type === "ClassExpression";
  const made = isClass ? node.superClass : undefined;
  if (made?.type !== "CallExpression") return undefined;
  return ofBuilder(made) ?? ofMaker(made, scope);
}

type CallNode = Extract<AnyNode, { type: "CallExpression" }>;

function ofBuilder(made: CallNode): BundledCommand | undefined {
  let names: readonly (string | undefined)[] = [];
  let isBuilder = false;
  for (let call: AnyNode = made; call.type === "CallExpression"; ) {
    const { callee, arguments: given }: CallNode = call;
    if (callee.type !== "MemberExpression") break;
    const name = nameOf(callee.property, callee.computed);
    if (name === "n") names = given.map(literalOf);
    isBuilder ||= name === "classBuilder";
    call = callee.object;
  }
  const [client, command] = names;
  if (!isBuilder || client === undefined || command === undefined) return undefined;
  return { from: packageOf(client), name: command };
}

function ofMaker({ callee, arguments: given }: CallNode, scope: Scope): BundledCommand | undefined {
  const operation = literalOf(given[2]);
  if (operation === undefined || callee.type !== "Identifier") return undefined;
  const [source] = find(scope, callee.name)?.sources ?? [];
  if (source?.kind !== "value" || source.node.type !== "CallExpression") return undefined;
  const client = literalOf(source.node.arguments[2]);
  return client?.endsWith("Client")
    ? { from: packageOf(client), name: `${operation}Command` }
    : undefined;
}

const known = [...new Set([prefixes, exceptions, unsigned].flatMap((it) => Object.keys(it)))];

/** The package of a class such as `CloudWatchLogsClient`; its hyphens count where a table has it. */
function packageOf(client: string): string {
  const plain = lowerCase(client.replace(/Client$/, ""));
  return `@aws-sdk/client-${known.find((it) => withoutHyphens(it) === plain) ?? plain}`;
}

/** Packages that the SDK itself uses to get credentials, so that every bundle may have them. */
export function isOfCredentials(from: string | undefined): boolean {
  return /^@aws-sdk\/client-(sts|sso|sso-oidc|signin|cognito-identity)$/.test(from ?? "");
}
