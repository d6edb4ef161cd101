import { payloadMembers } from "../../data/payload-members.ts";
import type { Input } from "../calls.ts";
import { isArn, isName, isNamingMember } from "../naming-members.ts";
import type { Evaluator } from "./evaluator.ts";
import { type Located, walk } from "./scopes.ts";
import { onlyExpressionOf, textOfString } from "./strings.ts";
import { child, type PyNode } from "./syntax.ts";
import type { GivenArgument, Value } from "./value.ts";

/** The argument that names what is copied, in S3. */
const copySource = "CopySource";

/** Values that are followed one after the other. */
const maximumValues = 6;

/** Reads the variables, the ARNs and the names in the arguments of a call. */
export function inputOf(given: readonly GivenArgument[], evaluator: Evaluator): Input {
  const reader = new InputReader(evaluator);
  for (const it of given) reader.readArgument(it.name, it.value, maximumValues);
  return reader.input;
}

class InputReader {
  private readonly variables = new Set<string>();
  private readonly arns = new Set<string>();
  private readonly names = new Set<string>();
  private readonly visited = new Set<PyNode>();
  private readonly evaluator: Evaluator;
  /** True for a path that starts with the name of a resource: its other parts name nothing. */
  private readonly isPath: boolean;
  private copied: InputReader | undefined;

  constructor(evaluator: Evaluator, isPath = false) {
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

  readArgument(name: string | undefined, value: Located, depth: number): void {
    if (name !== undefined && payloadMembers.includes(name)) return;
    if (name === copySource) {
      this.copied ??= new InputReader(this.evaluator, true);
      this.copied.read(value, depth);
      return;
    }
    if (name !== undefined && isNamingMember(name)) {
      const values = this.valuesIn(value);
      // What may be anything names no certain resource.
      if (values.some(({ kind }) => kind === "unknown")) return;
      for (const it of values) if (it.kind === "string") this.addName(it.text);
    }
    this.read(value, depth);
  }

  /** The values of an argument, and those in its lists. */
  private valuesIn(value: Located): readonly Value[] {
    const values = this.evaluator.evaluate(value);
    const lists = values.filter(({ kind }) => kind === "list");
    const elements = this.evaluator.follow(lists, ["any element"]);
    return [...values.filter(({ kind }) => kind !== "list"), ...elements];
  }

  private read(start: Located, depth: number): void {
    if (depth === 0 || this.visited.has(start.node)) return;
    this.visited.add(start.node);
    const byNode = this.evaluator.program.at(start.scope.file)?.scopes.byNode;
    if (byNode) walk(byNode, start, (located) => this.visit(located, depth));
  }

  private visit(located: Located, depth: number): boolean {
    const { node } = located;
    switch (node.type) {
      case "pair":
      case "keyword_argument":
        this.readPair(located, depth);
        return false;
      case "string":
        this.addArn(textOfString(located, this.evaluator));
        // An expression beside other text is a part of a name.
        return this.isPath || onlyExpressionOf(node) !== undefined;
      case "concatenated_string":
      case "binary_operator":
        this.addArn(textOfString(located, this.evaluator));
        return this.isPath;
      case "call":
        if (this.addValues(located, depth) || isSerializer(node)) return false;
        return this.isPath || !isJoining(node);
      case "identifier":
      case "attribute":
      case "subscript":
        this.addValues(located, depth);
        return false;
      case "dictionary":
        if (!node.children.some(({ type }) => type === "dictionary_splat")) return true;
        this.readDictionary(located, new Set(), depth - 1);
        return false;
      case "lambda":
        return false;
      default:
        return true;
    }
  }

  private readPair({ node, ...where }: Located, depth: number): void {
    const key = child(node, node.type === "pair" ? "key" : "name");
    const value = child(node, "value");
    if (!key || !value) return;
    const isPair = node.type === "pair";
    const [name] = isPair ? this.evaluator.evaluate({ node: key, ...where }) : [];
    // `{os.environ["TABLE"]: …}`
    if (isPair && name?.kind !== "string") this.read({ node: key, ...where }, depth);
    const text = name?.kind === "string" ? name.text : undefined;
    this.readArgument(isPair ? text : key.text, { node: value, ...where }, depth);
  }

  /** Reads the items of a dictionary that nothing replaces: no later assignment, and no unknown dictionary in it. */
  private readDictionary(
    { node, scope, frame }: Located,
    changed: ReadonlySet<string>,
    depth: number,
  ): void {
    const isReplaced = (at: number) =>
      node.children.slice(at + 1).some((it) => {
        const [inner] = it.type === "dictionary_splat" ? it.children : [];
        const values = inner ? this.evaluator.evaluate({ node: inner, scope, frame }) : [];
        return values.some(({ kind }) => kind === "unknown");
      });
    const hasSplat = node.children.some(({ type }) => type === "dictionary_splat");
    if (changed.size === 0 && !hasSplat) {
      this.read({ node, scope, frame }, depth);
      return;
    }
    node.children.forEach((it, at) => {
      const key = child(it, "key")?.children[1]?.text ?? child(it, "name")?.text;
      const isCertain = key === undefined || !(changed.has(key) || isReplaced(at));
      if (isCertain) this.read({ node: it, scope, frame }, depth);
    });
  }

  /** The keys of a dictionary that statements assign. */
  private keysAssigned({ node, scope }: Located): ReadonlySet<string> {
    const name = node.type === "attribute" ? child(node, "attribute")?.text : node.text;
    return this.evaluator.program.at(scope.file)?.scopes.itemKeys.get(name ?? "") ?? new Set();
  }

  /** Reads what an expression gives; returns true if it is an environment variable. */
  private addValues(located: Located, depth: number): boolean {
    const values = this.evaluator.evaluate(located);
    const isRest = this.isPath && this.variables.size > 0;
    for (const it of values) {
      if (it.kind === "environment-variable" && !isRest) this.add(it.name, this.variables);
      else if (it.kind === "string") this.addArn(it.text);
      else if (it.kind === "list") this.read(it, depth - 1);
      else if (it.kind === "dict") this.readDictionary(it, this.keysAssigned(located), depth - 1);
      else if (it.kind === "generator") for (const each of it.yielded) this.read(each, depth - 1);
      else if (it.kind === "resource-member" && it.member.kind === "identifier") {
        // `table.name`, and `table.table_name`, which is the same
        for (const { name = "", value } of it.resource.inputs) {
          if (`_${it.name}`.endsWith(`_${name}`)) this.readArgument(name, value, depth - 1);
        }
      }
    }
    return values.some(({ kind }) => kind === "environment-variable");
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
    this.evaluator.program.budget.countSteps(text.length);
    to.add(text);
  }
}

/** True for `"{}-{}".format(…)` and `"-".join(…)`, whose arguments are parts of a name. */
function isJoining(call: PyNode): boolean {
  const callee = child(call, "function");
  const isOfString = callee && child(callee, "object")?.type === "string";
  return isOfString === true && /^(format|join)$/.test(child(callee, "attribute")?.text ?? "");
}

/** True for functions that serialize data: their arguments name no resource. */
function isSerializer(call: PyNode): boolean {
  const callee = child(call, "function");
  return /^(json\.dumps|print|str\.encode|logger?\.\w+|logging\.\w+)$/.test(callee?.text ?? "");
}
