import type { AnyNode, Pattern, Program } from "acorn";
import { addTo } from "../../groups.ts";
import type { CodeBudget } from "../budget.ts";
import { forDefaultsIn, forNamesIn } from "./patterns.ts";
import {
  findSources,
  type Located,
  type Scope,
  type Scopes,
  type Source,
  valueSource,
  walk,
} from "./scopes.ts";
import {
  type FunctionNode,
  isFunction,
  keyNameOf,
  literalOf,
  memberNameOf,
  type NodeOf,
  nameOf,
} from "./syntax.ts";

/** Reads the scopes of a file, and the sources of each name's value. */
export function scopesOf(program: Program, file: string, budget: CodeBudget): Scopes {
  return new ScopeReader(file, budget).read(program);
}

class ScopeReader {
  private readonly root: Scope;
  private readonly byNode = new Map<AnyNode, Scope>();
  private readonly thisMembers = new Map<string, Located[]>();
  /** The arguments of functions that are called where they are written. */
  private readonly argumentsOf = new Map<FunctionNode, readonly Located[]>();
  private readonly assignedMembers = new Map<AnyNode, Map<string, Located[]>>();
  /** The same of members of variables, by the variable and the member. */
  private readonly memberAssignments: [string, string, Located][] = [];
  /** Assignments, which are resolved after all names are declared. */
  private readonly assignments: [Pattern, Located][] = [];

  constructor(file: string, budget: CodeBudget) {
    this.root = { file, budget, parent: undefined, isFunction: true, names: new Map() };
  }

  read(program: Program): Scopes {
    const { root, byNode, thisMembers, assignedMembers } = this;
    const scopes = { root, byNode, thisMembers, assignedMembers };
    walk(scopes, program, (located) => {
      this.enter(located);
      return true;
    });
    for (const [pattern, { node, scope }] of this.assignments) {
      forNamesIn(pattern, valueSource(node, scope), (name, source) => {
        findSources(scope, name)?.push(source);
      });
    }
    for (const [variable, name, located] of this.memberAssignments) {
      const [source, ...others] = findSources(root, variable) ?? [];
      if (source?.kind !== "value" || source.path.length > 0 || others.length > 0) continue;
      const members = assignedMembers.get(source.node) ?? new Map<string, Located[]>();
      assignedMembers.set(source.node, members);
      addTo(members, name, located);
    }
    return scopes;
  }

  private enter({ node, scope }: Located): void {
    switch (node.type) {
      case "FunctionDeclaration":
      case "FunctionExpression":
      case "ArrowFunctionExpression":
        this.enterFunction(node, scope);
        return;
      case "ClassDeclaration":
      case "ClassExpression":
        this.enterClass(node, scope);
        return;
      case "BlockStatement":
      case "ForStatement":
      case "ForInStatement":
      case "ForOfStatement":
      case "SwitchStatement":
      case "StaticBlock":
        // enterWith has already opened the body of a `with`.
        if (!this.byNode.has(node)) this.open(node, scope, "block");
        return;
      case "CatchClause": {
        const inner = this.open(node, scope, "block");
        if (node.param) declarePattern(inner, node.param, undefined);
        return;
      }
      case "WithStatement":
        this.enterWith(node, scope);
        return;
      case "VariableDeclaration": {
        const target = node.kind === "var" ? functionScopeOf(scope) : scope;
        for (const { id, init } of node.declarations) {
          const source = init ? valueSource(init, scope) : undefined;
          declarePattern(target, id, source);
        }
        return;
      }
      case "ImportDeclaration":
        enterImport(node, scope);
        return;
      case "AssignmentExpression":
        this.enterAssignment(node.left, node.right, scope);
        return;
      case "PropertyDefinition": {
        const name = keyNameOf(node);
        if (node.value && name !== undefined) {
          addTo(this.thisMembers, name, { node: node.value, scope });
        }
        return;
      }
      case "CallExpression":
        this.enterCall(node, scope);
        return;
      default:
    }
  }

  private open(node: AnyNode, parent: Scope, kind: "function" | "block"): Scope {
    const { file, budget } = parent;
    const isFunctionScope = kind === "function";
    const scope = { file, budget, parent, isFunction: isFunctionScope, names: new Map() };
    this.byNode.set(node, scope);
    return scope;
  }

  private enterFunction(node: FunctionNode, scope: Scope): void {
    const inner = this.open(node, scope, "function");
    if (node.type !== "ArrowFunctionExpression" && node.id) {
      const declaring = node.type === "FunctionDeclaration" ? scope : inner;
      addTo(declaring.names, node.id.name, valueSource(node, scope));
    }
    const given = this.argumentsOf.get(node) ?? [];
    node.params.forEach((param, index) => {
      const argument = given[index];
      const source = argument && valueSource(argument.node, argument.scope);
      declarePattern(inner, param, source);
    });
  }

  private enterClass(node: NodeOf<"ClassDeclaration" | "ClassExpression">, scope: Scope): void {
    const inner = this.open(node, scope, "block");
    const declaring = node.type === "ClassDeclaration" ? scope : inner;
    if (node.id) addTo(declaring.names, node.id.name, valueSource(node, scope));
  }

  /** Pulumi serializes the values that a function captures as `with ({ name: value }) { … }`. */
  private enterWith({ object, body }: NodeOf<"WithStatement">, scope: Scope): void {
    const inner = this.open(body, scope, "block");
    if (object.type !== "ObjectExpression") return;
    for (const property of object.properties) {
      const name = property.type === "Property" && keyNameOf(property);
      if (name) addTo(inner.names, name, valueSource(property.value, scope));
    }
  }

  private enterAssignment(left: Pattern, right: AnyNode, scope: Scope): void {
    if (left.type !== "MemberExpression") {
      this.assignments.push([left, { node: right, scope }]);
      return;
    }
    const name = memberNameOf(left);
    if (left.object.type === "ThisExpression" && name !== undefined) {
      addTo(this.thisMembers, name, { node: right, scope });
    } else if (left.object.type === "Identifier" && scope === this.root && name !== undefined) {
      this.memberAssignments.push([left.object.name, name, { node: right, scope }]);
    }
  }

  /** `(function (sdk) { … })(sdk)`, and `promise.then((sdk) => { … })`. */
  private enterCall(node: NodeOf<"CallExpression">, scope: Scope): void {
    const { callee } = node;
    if (isFunction(callee)) {
      const given = node.arguments.map((it) => ({ node: it, scope }));
      this.argumentsOf.set(callee, given);
      return;
    }
    const [first] = node.arguments;
    const isThen = callee.type === "MemberExpression" && memberNameOf(callee) === "then";
    if (isThen && first && isFunction(first)) {
      this.argumentsOf.set(first, [{ node: callee.object, scope }]);
    }
  }
}

function enterImport(node: NodeOf<"ImportDeclaration">, scope: Scope): void {
  const from = literalOf(node.source) ?? "";
  for (const it of node.specifiers) {
    const name = it.type === "ImportSpecifier" ? nameOf(it.imported) : undefined;
    const imported = it.type === "ImportDefaultSpecifier" ? "default" : name;
    addTo(scope.names, it.local.name, { kind: "import", from, name: imported });
  }
}

function functionScopeOf(scope: Scope): Scope {
  let found = scope;
  while (!found.isFunction && found.parent) {
    found.budget.countSteps();
    found = found.parent;
  }
  return found;
}

/** Declares the names in a pattern. A name with a default can have that value too. */
function declarePattern(scope: Scope, pattern: Pattern, value: Source | undefined): void {
  const onName = (name: string, source: Source) => addTo(scope.names, name, source);
  forNamesIn(pattern, value, onName);
  forDefaultsIn(pattern, scope, onName);
}
