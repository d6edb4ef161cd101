import type { AnyNode } from "acorn";
import { payloadMembers } from "../../data/payload-members.ts";
import type { Input } from "../calls.ts";
import { isArn, isName, isNamingMember } from "../naming-members.ts";
import { choicesOf } from "./choices.ts";
import type { Evaluator } from "./evaluator.ts";
import type { SourceModule } from "./modules.ts";
import { isKey } from "./naming-nodes.ts";
import { findSources, type Located, type Scope, walk } from "./scopes.ts";
import { keyNameOf, literalOf } from "./syntax.ts";

/** The member of an input that names what is copied, in S3. */
const copySource = "CopySource";

/** Names that are followed one after the other. */
const maximumNames = 6;

/**
 * Reads the variables and the ARNs in the input of a call. Names are followed to what is assigned
 * to them, except results of other calls.
 */
export function inputOf(
  input: Located | undefined,
  module: SourceModule,
  evaluator: Evaluator,
): Input {
  const reader = new InputReader(module, evaluator);
  if (input) reader.read(input.node, input.scope, maximumNames);
  return reader.input;
}

class InputReader {
  readonly variables = new Set<string>();
  readonly arns = new Set<string>();
  readonly names = new Set<string>();
  private readonly visited = new Set<AnyNode>();
  private readonly module: SourceModule;
  private readonly evaluator: Evaluator;
  /** True for a path that starts with the name of a resource: its other parts name nothing. */
  private readonly isPath: boolean;
  private copied: InputReader | undefined;

  constructor(module: SourceModule, evaluator: Evaluator, isPath = false) {
    this.module = module;
    this.evaluator = evaluator;
    this.isPath = isPath;
  }

  get input(): Input {
    const found = {
      variables: [...this.variables].sort(),
      arns: [...this.arns].sort(),
      names: [...this.names].sort(),
    };
    return this.copied ? { ...found, copied: this.copied.input } : found;
  }

  read(start: AnyNode, scope: Scope, depth: number): void {
    if (depth === 0 || this.visited.has(start)) return;
    this.visited.add(start);
    const { root, byNode } = this.module.scopes;
    walk({ root, byNode }, start, (located, parent) => this.visit(located, parent, depth), scope);
  }

  private visit(located: Located, parent: AnyNode | undefined, depth: number): boolean {
    const { node, scope } = located;
    if (parent && isKey(node, parent)) return false;
    switch (node.type) {
      case "Property": {
        const name = keyNameOf(node);
        if (name === undefined) return true;
        if (name === copySource) {
          this.copied = new InputReader(this.module, this.evaluator, true);
          this.copied.read(node.value, scope, depth);
          return false;
        }
        if (isNamingMember(name)) {
          const value = { node: node.value, scope };
          // What may be anything names no certain resource: `event.bucket ?? process.env.BUCKET`.
          if (this.mayBeAnything(value, maximumNames)) return false;
          this.addNames(value);
        }
        return !payloadMembers.includes(name);
      }
      case "CallExpression":
        return !this.addVariable(located) && !isSerializer(node.callee);
      case "Literal":
        this.addArn(literalOf(node));
        return true;
      case "TemplateLiteral":
        this.addArn(literalOf(node));
        // An expression beside other text is a part of a name.
        return this.isPath || node.quasis.every(({ value }) => value.raw === "");
      case "BinaryExpression":
        return this.isPath;
      case "MemberExpression":
      case "Identifier": {
        const isVariable = this.addVariable(located);
        if (!isVariable && node.type === "Identifier") this.follow(node.name, scope, depth);
        return !isVariable;
      }
      default:
        return true;
    }
  }

  /** True for a choice of which one part cannot be followed. */
  private mayBeAnything({ node, scope }: Located, depth: number): boolean {
    if (depth === 0) return false;
    const isUnknown = (it: Located): boolean =>
      this.evaluator.evaluate(it).kind === "unknown" || this.mayBeAnything(it, depth - 1);
    switch (node.type) {
      case "ConditionalExpression":
        return [node.consequent, node.alternate].some((it) => isUnknown({ node: it, scope }));
      case "LogicalExpression":
        return [node.left, node.right].some((it) => isUnknown({ node: it, scope }));
      case "Identifier": {
        const sources = findSources(scope, node.name) ?? [];
        if (sources.length < 2) return false;
        return sources.some(
          (it) => it.kind === "unknown" || (it.kind === "value" && isUnknown(it)),
        );
      }
      default:
        return false;
    }
  }

  /** Returns true if the expression is an environment variable, or one of several. */
  private addVariable(located: Located): boolean {
    const isRest = this.isPath && this.variables.size > 0;
    let isVariable = false;
    for (const choice of choicesOf(located, this.evaluator)) {
      const value = this.evaluator.evaluate(choice);
      if (value.kind !== "environment-variable") continue;
      isVariable = true;
      if (!isRest) this.add(value.name, this.variables);
    }
    return isVariable;
  }

  /** Reads what is assigned to a name, except the result of a call. */
  private follow(name: string, scope: Scope, depth: number): void {
    const sources = findSources(scope, name) ?? [];
    scope.budget.countSteps(sources.length);
    for (const source of sources) {
      if (source.kind !== "value" || source.path.length > 0) continue;
      if (source.scope.file !== this.module.path || !isPlain(source.node)) continue;
      this.read(source.node, source.scope, depth - 1);
    }
  }

  private addNames(located: Located): void {
    const value = this.evaluator.evaluate(located);
    if (value.kind === "string") this.addName(value.text);
    if (value.kind !== "list") return;
    for (const it of value.node.elements) {
      const element = it && this.evaluator.evaluate({ node: it, scope: value.scope });
      if (element?.kind === "string") this.addName(element.text);
    }
  }

  private addName(text: string): void {
    if (text.startsWith("arn:")) this.addArn(text);
    else if (isName(text)) this.add(text, this.names);
  }

  private addArn(text: string | undefined): void {
    if (text !== undefined && isArn(text)) this.add(text, this.arns);
  }

  /** All calls keep their strings in memory, so each character counts. */
  private add(text: string, to: Set<string>): void {
    this.module.scopes.root.budget.countSteps(text.length);
    to.add(text);
  }
}

function isPlain({ type }: AnyNode): boolean {
  return [
    "ArrayExpression",
    "ConditionalExpression",
    "Identifier",
    "Literal",
    "LogicalExpression",
    "MemberExpression",
    "ObjectExpression",
    "TemplateLiteral",
  ].includes(type);
}

/** True for functions that serialize data: their arguments name no resource. */
function isSerializer(callee: AnyNode): boolean {
  if (callee.type !== "MemberExpression" || callee.object.type !== "Identifier") return false;
  return ["JSON", "Buffer", "console"].includes(callee.object.name);
}
