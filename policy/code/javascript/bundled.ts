import type { AnyNode } from "acorn";
import { actionExceptions, unsignedOperations } from "../../data/action-exceptions.ts";
import { servicePrefixes } from "../../data/service-prefixes.ts";
import { lowerCase } from "../../iam/case.ts";
import { withoutHyphens } from "../prefixes.ts";
import { findSources, type Scope } from "./scopes.ts";
import { literalOf, memberNameOf, type NodeOf } from "./syntax.ts";

/** A command class of the SDK in a bundle. */
interface BundledCommand {
  /** The package that it comes from, and its name there. */
  readonly from: string;
  readonly name: string;
}

/**
 * The command that a class is, in a file that bundles the SDK. Minifiers keep these strings:
 * `class a extends b(c, d, "Publish", e) {}`, where b is `f(g, "…", "SNSClient", h)`; in older
 * versions, `class a extends b.classBuilder()….n("SNSClient", "PublishCommand")….build() {}`.
 */
export function bundledCommand(node: AnyNode, scope: Scope): BundledCommand | undefined {
  const isClass = node.type === "ClassDeclaration" || node.type === "ClassExpression";
  const base = isClass ? node.superClass : undefined;
  if (base?.type !== "CallExpression") return undefined;
  return builtCommand(base) ?? createdCommand(base, scope);
}

/**
 * What creates the command that a class of `@aws-sdk/lib-dynamodb` wraps. Its classes keep it in a member
 * whose name minifiers keep: `this.clientCommand = new GetItemCommand(this.input)`.
 */
export function wrappedCommand(node: AnyNode): NodeOf<"NewExpression"> | undefined {
  if (node.type !== "ClassDeclaration" && node.type !== "ClassExpression") return undefined;
  const creator = node.body.body.find(
    (it) => it.type === "MethodDefinition" && it.kind === "constructor",
  );
  if (creator?.type !== "MethodDefinition") return undefined;
  for (const statement of creator.value.body.body) {
    if (statement.type !== "ExpressionStatement") continue;
    const { expression } = statement;
    const all = expression.type === "SequenceExpression" ? expression.expressions : [expression];
    for (const it of all) {
      if (it.type !== "AssignmentExpression" || it.left.type !== "MemberExpression") continue;
      const isWrapped = memberNameOf(it.left) === "clientCommand";
      if (isWrapped && it.right.type === "NewExpression") return it.right;
    }
  }
  return undefined;
}

type CallNode = NodeOf<"CallExpression">;

function builtCommand(base: CallNode): BundledCommand | undefined {
  let names: readonly (string | undefined)[] = [];
  let isBuilder = false;
  for (let call: AnyNode = base; call.type === "CallExpression"; ) {
    const { callee, arguments: given }: CallNode = call;
    if (callee.type !== "MemberExpression") break;
    const name = memberNameOf(callee);
    if (name === "n") names = given.map(literalOf);
    isBuilder ||= name === "classBuilder";
    call = callee.object;
  }
  const [client, command] = names;
  if (!isBuilder || client === undefined || command === undefined) return undefined;
  return { from: packageOf(client), name: command };
}

function createdCommand(
  { callee, arguments: given }: CallNode,
  scope: Scope,
): BundledCommand | undefined {
  const operation = literalOf(given[2]);
  if (operation === undefined || callee.type !== "Identifier") return undefined;
  const [source] = findSources(scope, callee.name) ?? [];
  if (source?.kind !== "value" || source.node.type !== "CallExpression") return undefined;
  const client = literalOf(source.node.arguments[2]);
  return client?.endsWith("Client")
    ? { from: packageOf(client), name: `${operation}Command` }
    : undefined;
}

/** Clients whose name has hyphens, or another spelling than IAM's: by the name without them. */
const knownClients = new Map(
  [servicePrefixes, actionExceptions, unsignedOperations]
    .flatMap((it) => Object.keys(it))
    .map((it) => [withoutHyphens(it), it]),
);

/** The package of a client class, e.g. `CloudWatchLogsClient`; the tables have its hyphens. */
function packageOf(client: string): string {
  const plain = lowerCase(client.replace(/Client$/, ""));
  return `@aws-sdk/client-${knownClients.get(plain) ?? plain}`;
}

/** True for the packages from which the SDK itself gets credentials: any bundle may contain them. */
export function isCredentialPackage(from: string | undefined): boolean {
  return /^@aws-sdk\/client-(sts|sso|sso-oidc|signin|cognito-identity)$/.test(from ?? "");
}
