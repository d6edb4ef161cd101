import { valueOfAnnotation } from "./annotations.ts";
import { evaluateCall } from "./call-evaluator.ts";
import type { GivenArguments } from "./call-sites.ts";
import { addDescendants, type Descendant, selfOf } from "./classes.ts";
import { isKept } from "./live-functions.ts";
import { memberOf } from "./members.ts";
import { partOf } from "./parts.ts";
import type { Program } from "./program.ts";
import {
  type Frame,
  findSources,
  frameIn,
  type Located,
  type Parameter,
  type Scope,
  type Source,
  type Step,
} from "./scopes.ts";
import { onlyExpressionOf, textOfString } from "./strings.ts";
import { child, type PyNode } from "./syntax.ts";
import { distinct, type FunctionValue, unknown, unrelated, type Value } from "./value.ts";

/** The values of expressions, and of names that are assigned often. */
type Known = Map<PyNode | readonly Source[], readonly Value[]>;

/** The value of an expression that is being evaluated. */
const pending: readonly Value[] = [];

/** Expressions that depend on each other; what is deeper stays unknown. */
const maximumDepth = 150;
/** Names that are assigned more often are evaluated once, not where they are used: the work stays linear. */
const manySources = 50;
/** Resolving an import takes as long as visiting this number of nodes. */
const stepsOfImport = 20;
/** Calls inside each other that are followed with their own arguments. */
const maximumCalls = 6;

/**
 * Evaluates expressions in the program's files, as far as no code has to run for it. An expression can have several
 * values, e.g. a variable that is assigned twice; none means that nothing is known yet.
 */
export class Evaluator {
  readonly program: Program;
  private given: GivenArguments = { toParameters: new Map(), toClasses: new Map() };
  private known: Known = new Map();
  /** What was known before the last arguments. */
  private before: Known = new Map();
  private readonly ofFrame = new WeakMap<Frame, Known>();
  private readonly ofParameters = new Map<Parameter, readonly Value[]>();
  private readonly ofAttributes = new Map<string, readonly Value[]>();
  private below: Map<PyNode, Descendant[]> | undefined;
  private depth = 0;
  /** The functions whose results are being evaluated. */
  private readonly called: PyNode[] = [];
  /** The lists and dictionaries of which a part is being evaluated. */
  private readonly opened: {
    readonly node: PyNode;
    readonly frame: Frame | undefined;
    readonly step: string;
  }[] = [];
  /** The names of modules that are being evaluated, with the module's path. */
  private readonly imported = new Set<string>();

  constructor(program: Program) {
    this.program = program;
  }

  /** Starts again, with what calls pass to parameters. */
  withArguments(given: GivenArguments): void {
    this.given = given;
    this.before = this.known;
    this.known = new Map();
    this.below = undefined;
    this.ofParameters.clear();
    this.ofAttributes.clear();
  }

  /** The program's classes that inherit from a class. */
  classesBelow(node: PyNode): readonly Descendant[] {
    if (!this.below) {
      // Which classes inherit may depend on members of others: those count that are found before.
      this.below = new Map();
      addDescendants(this.below, this);
    }
    return this.below.get(node) ?? [];
  }

  /** What calls of a class without `__init__` pass for a field. */
  givenToClass(node: PyNode, field: string): readonly Located[] {
    return this.given.toClasses.get(node)?.get(field) ?? [];
  }

  evaluate({ node, scope, frame: given }: Located): readonly Value[] {
    scope.budget.countSteps();
    const frame = frameIn(scope, given);
    const known = frame ? this.knownIn(frame) : this.known;
    const found = known.get(node);
    if (found) return found === pending ? this.valuesBefore(node) : found;
    if (this.depth > maximumDepth) return [unknown];
    known.set(node, pending);
    this.depth += 1;
    const values = distinct(this.evaluateNode({ node, scope, frame }));
    this.depth -= 1;
    known.set(node, values);
    return values;
  }

  /**
   * An expression that depends on itself adds nothing to its own value, but those that it depends on get what was found
   * for it with the arguments before.
   */
  private valuesBefore(node: PyNode): readonly Value[] {
    return (this.before.get(node) ?? []).filter(({ kind }) => kind !== "unknown");
  }

  private knownIn(frame: Frame): Known {
    const known = this.ofFrame.get(frame) ?? new Map();
    this.ofFrame.set(frame, known);
    return known;
  }

  private evaluateNode(located: Located): readonly Value[] {
    const { node, scope, frame } = located;
    const evaluate = (inner: PyNode | undefined): readonly Value[] =>
      inner ? this.evaluate({ node: inner, scope, frame }) : [unknown];
    switch (node.type) {
      case "identifier":
        return (
          this.evaluateName(node.text, scope, frame) ?? [
            { kind: "library", name: `builtins.${node.text}` },
          ]
        );
      case "attribute": {
        const name = child(node, "attribute")?.text ?? "";
        return this.membersOf(evaluate(child(node, "object")), name);
      }
      case "call":
        return evaluateCall(located, this);
      case "await":
      case "parenthesized_expression":
      case "list_splat":
      case "type":
        return evaluate(node.children[0]);
      case "conditional_expression":
        return [...evaluate(node.children[0]), ...evaluate(node.children[2])];
      case "boolean_operator":
        return [...evaluate(child(node, "left")), ...evaluate(child(node, "right"))];
      case "named_expression":
        return evaluate(child(node, "value"));
      case "assignment":
        return evaluate(child(node, "right"));
      case "subscript":
        return this.evaluateSubscript(located);
      case "list":
      case "tuple":
      case "set":
      case "expression_list":
        return [{ ...located, kind: "list" }];
      case "list_comprehension":
      case "set_comprehension":
      case "generator_expression": {
        const body = child(node, "body");
        const inner = this.program.at(scope.file)?.scopes.byNode.get(node);
        return body && inner
          ? [{ kind: "generator", yielded: [{ node: body, scope: inner, frame }] }]
          : [unknown];
      }
      case "dictionary":
      case "argument_list":
      case "dictionary_comprehension":
        return [{ ...located, kind: "dict" }];
      case "function_definition":
      case "lambda":
        return [{ ...located, kind: "function", self: undefined }];
      case "class_definition":
        return [{ ...located, kind: "class" }];
      case "string": {
        const only = onlyExpressionOf(node);
        if (only) return evaluate(only);
        const text = textOfString(located, this);
        return text === undefined ? [unknown] : [{ kind: "string", text }];
      }
      case "concatenated_string":
      case "binary_operator": {
        const text = textOfString(located, this);
        return text === undefined ? [unknown] : [{ kind: "string", text }];
      }
      case "none":
        return [{ kind: "none" }];
      case "integer":
      case "float":
      case "true":
      case "false":
      case "comparison_operator":
      case "not_operator":
      case "unary_operator":
        return [unrelated];
      default:
        return [unknown];
    }
  }

  /** The values of a name; undefined if the file does not declare it. */
  evaluateName(name: string, scope: Scope, frame?: Frame): readonly Value[] | undefined {
    const sources = findSources(scope, name);
    if (sources) {
      const values = this.evaluateSources(sources, scope.file, frame);
      const isEmpty = values.every(({ kind }) => kind === "none");
      const isOfModule = this.program.at(scope.file)?.scopes.root.names.get(name) === sources;
      // Another module may assign it: `notifications.sns = boto3.client("sns")`.
      return isEmpty && isOfModule ? [...values, ...(this.assigned(name) ?? [])] : values;
    }
    const wildcards = this.program.at(scope.file)?.scopes.wildcards ?? [];
    scope.budget.countSteps(wildcards.length * stepsOfImport);
    const found = wildcards.map((it) => this.evaluateSource({ ...it, name }, scope.file, frame));
    const known = found.filter((it) => it.some(({ kind }) => kind !== "unknown"));
    // Any name may be one of a library's.
    const own = known.filter((it) => it.some(({ kind }) => kind !== "library"));
    return own.length > 0 ? distinct(own.flat()) : known[0];
  }

  evaluateSources(sources: readonly Source[], file: string, frame?: Frame): readonly Value[] {
    const known = frame ? this.knownIn(frame) : this.known;
    const before = known.get(sources);
    if (before) return before;
    const isKept = sources.length > manySources;
    if (isKept) known.set(sources, [unknown]);
    const values = distinct(sources.flatMap((it) => this.evaluateSource(it, file, frame)));
    if (isKept) known.set(sources, values);
    return values;
  }

  private evaluateSource(source: Source, file: string, frame: Frame | undefined): readonly Value[] {
    switch (source.kind) {
      case "import":
        return this.evaluateImport(source, file);
      case "value": {
        const { node, scope, steps } = source;
        return this.follow(this.evaluate({ node, scope, frame }), steps);
      }
      case "parameter":
        return this.evaluateParameter(source.parameter, frame);
      case "unknown":
        return [unknown];
    }
  }

  private evaluateImport(
    { module, level, name }: Extract<Source, { kind: "import" }>,
    file: string,
  ): readonly Value[] {
    const imported = this.program.importedIn(file, module, level);
    return name === undefined ? [imported] : memberOf(imported, name, this);
  }

  /** The values of a name of a module; undefined if the module does not declare it. */
  nameIn(path: string, name: string): readonly Value[] | undefined {
    const root = this.program.at(path)?.scopes.root;
    const key = `${path} ${name}`;
    // Modules can import a name from each other.
    if (this.imported.has(key)) return [];
    this.imported.add(key);
    const values = root && this.evaluateName(name, root);
    this.imported.delete(key);
    return values;
  }

  private evaluateParameter(parameter: Parameter, frame: Frame | undefined): readonly Value[] {
    for (let it = frame; it; it = it.outer) {
      if (it.function !== parameter.function) continue;
      const given = it.given.get(parameter.name);
      if (given) return this.evaluate(given);
      if (parameter.index === 0 && it.self) return [it.self];
      return parameter.fallback ? this.evaluate(parameter.fallback) : [unknown];
    }
    const before = this.ofParameters.get(parameter);
    if (before) return before;
    this.ofParameters.set(parameter, []);
    const values = distinct(this.evaluateForAllCalls(parameter));
    this.ofParameters.set(parameter, values);
    return values;
  }

  private evaluateForAllCalls(parameter: Parameter): readonly Value[] {
    const self = parameter.index === 0 ? selfOf(parameter, this) : undefined;
    if (self) return [self];
    const { fallback, annotation } = parameter;
    const given = (this.given.toParameters.get(parameter) ?? []).flatMap((it) => this.evaluate(it));
    const scopes = this.program.at(parameter.scope.file)?.scopes;
    // What a decorator keeps is also called by others.
    const others = scopes && isKept(parameter.function, scopes) ? [unknown] : [];
    const values = [...given, ...(fallback ? this.evaluate(fallback) : []), ...others];
    const isKnown = values.some(({ kind }) => kind !== "unknown" && kind !== "none");
    const annotated = isKnown || !annotation ? undefined : valueOfAnnotation(annotation, this);
    return annotated ?? (values.length > 0 ? values : [unknown]);
  }

  /** A member of values: an attribute, or a name of a module. */
  membersOf(values: readonly Value[], name: string): readonly Value[] {
    // Code uses no member of `None`: something that is not followed was assigned.
    if (isOnlyNone(values)) return this.assigned(name) ?? [unknown];
    return distinct(values.flatMap((it) => memberOf(it, name, this)));
  }

  /** What some statement of the program assigns to an attribute of that name. */
  assigned(name: string): readonly Value[] | undefined {
    const before = this.ofAttributes.get(name);
    if (before) return before.length > 0 ? before : undefined;
    this.ofAttributes.set(name, []);
    const all = distinct(
      this.program.files.flatMap(({ path, scopes }) => {
        const sources = scopes.attributes.get(name);
        return sources ? this.evaluateSources(sources, path) : [];
      }),
    );
    this.ofAttributes.set(name, all);
    return all.length > 0 ? all : undefined;
  }

  private evaluateSubscript({ node, scope, frame }: Located): readonly Value[] {
    const object = child(node, "value");
    const key = child(node, "subscript");
    if (!object || !key) return [unknown];
    const values = this.evaluate({ node: object, scope, frame });
    if (key.type === "slice") return values;
    const keys = this.evaluate({ node: key, scope, frame });
    const steps: Step[] = keys.flatMap((it) => (it.kind === "string" ? { key: it.text } : []));
    if (key.type === "integer") steps.push(Number(key.text));
    if (steps.length === 0) steps.push("any element");
    const found = steps.flatMap((it) => this.follow(values, [it]));
    return distinct([...found, ...this.itemsAssigned(object, { node, scope, frame })]);
  }

  /** What `name[key] = value` assigns somewhere in the file. */
  itemsAssigned(object: PyNode, { scope, frame }: Located): readonly Value[] {
    const name = object.type === "attribute" ? child(object, "attribute")?.text : object.text;
    const sources = this.program.at(scope.file)?.scopes.items.get(name ?? "");
    return sources ? this.evaluateSources(sources, scope.file, frame) : [];
  }

  /** The parts of values. */
  follow(values: readonly Value[], steps: readonly Step[]): readonly Value[] {
    return steps.reduce<readonly Value[]>(
      (before, step) =>
        isOnlyNone(before) ? [unknown] : distinct(before.flatMap((it) => partOf(it, step, this))),
      values,
    );
  }

  /** Reads a part of a list or dictionary. `all = {**all, "key": value}` contains itself, which adds nothing to it. */
  partOnce({ node, frame }: Located, step: Step, read: () => readonly Value[]): readonly Value[] {
    const opened = { node, frame, step: JSON.stringify(step) };
    const isOpen = this.opened.some(
      (it) => it.node === node && it.frame === frame && it.step === opened.step,
    );
    if (isOpen) return [];
    this.opened.push(opened);
    const values = read();
    this.opened.pop();
    return values;
  }

  /** What a function returns to a call, or to all its calls together. */
  returnedBy({ node, scope }: FunctionValue, frame?: Frame): readonly Value[] {
    const scopes = this.program.at(scope.file)?.scopes;
    const returned = scopes?.returned.get(node) ?? [];
    // A function that calls itself is not followed again.
    const isNew =
      frame !== undefined && !this.called.includes(node) && this.called.length < maximumCalls;
    const located = returned.map((it) => ({ ...it, frame: isNew ? frame : undefined }));
    if (scopes?.generators.has(node)) return [{ kind: "generator", yielded: located }];
    this.called.push(node);
    const values = located.flatMap((it) => this.evaluate(it));
    this.called.pop();
    return values;
  }
}

function isOnlyNone(values: readonly Value[]): boolean {
  return values.length > 0 && values.every(({ kind }) => kind === "none");
}
