import { addTo } from "../../groups.ts";
import { argument, argumentsOf, bind, bindCall } from "./arguments.ts";
import { memberOfClass } from "./classes.ts";
import type { Evaluator } from "./evaluator.ts";
import { isNeverRun } from "./imports.ts";
import type { ProgramFile } from "./program.ts";
import { type Located, type Parameter, walk } from "./scopes.ts";
import { child, type PyNode } from "./syntax.ts";
import type { ClassValue, FunctionValue, GivenArgument, Value } from "./value.ts";

/** What the program's calls pass to its own functions and classes. */
export interface GivenArguments {
  readonly toParameters: ReadonlyMap<Parameter, readonly Located[]>;
  /** To the fields of classes without `__init__`, e.g. data classes, by class and name. */
  readonly toClasses: ReadonlyMap<PyNode, ReadonlyMap<string, readonly Located[]>>;
}

/** Finds what the calls in all files pass, as far as the functions that they call are known. */
export function argumentsIn(files: readonly ProgramFile[], evaluator: Evaluator): GivenArguments {
  const reader = new CallSiteReader(evaluator);
  for (const { scopes, root } of files) {
    walk(scopes.byNode, { node: root, scope: scopes.root }, (located, parent) => {
      // Lambda does not run what only a script does.
      if (parent && located.node.field === "consequence" && isNeverRun(parent)) return false;
      if (located.node.type === "call") reader.readCall(located);
      return true;
    });
    for (const [node, decorators] of scopes.decorators) reader.readDecorators(node, decorators);
  }
  return reader;
}

class CallSiteReader implements GivenArguments {
  readonly toParameters = new Map<Parameter, Located[]>();
  readonly toClasses = new Map<PyNode, Map<string, Located[]>>();
  private readonly evaluator: Evaluator;

  constructor(evaluator: Evaluator) {
    this.evaluator = evaluator;
  }

  readCall(call: Located): void {
    const callee = child(call.node, "function");
    if (!callee) return;
    const given = argumentsOf(call);
    for (const it of this.evaluator.evaluate({ ...call, node: callee })) {
      if (it.kind === "function")
        this.add(it, bindCall(this.parametersOf(it), call, it.self ? 1 : 0));
      else if (it.kind === "class") this.addToClass(it, call, given);
    }
    this.readPassedFunction(given);
  }

  /** `submit(function, a, b)`, `partial(function, a)`, `Thread(target=function, args=(a, b))`. */
  private readPassedFunction(given: readonly GivenArgument[]): void {
    const at = given.findIndex(({ value }) => this.functionsIn(value).length > 0);
    const passed = given[at];
    if (!passed) return;
    const list = argument(given, "args");
    const fromList = list?.node.children.map((node) => ({
      name: undefined,
      value: { ...list, node },
    }));
    const rest = passed.name === undefined ? given.slice(at + 1) : (fromList ?? []);
    for (const it of this.functionsIn(passed.value)) {
      this.add(it, bind(this.parametersOf(it), rest, it.self ? 1 : 0));
    }
  }

  /** A decorator gets the function. */
  readDecorators(node: PyNode, decorators: readonly Located[]): void {
    for (const decorator of decorators) {
      for (const it of this.evaluator.evaluate(decorator)) {
        if (it.kind !== "function") continue;
        const [first] = this.parametersOf(it).slice(it.self ? 1 : 0);
        if (first) addTo(this.toParameters, first, { node, scope: decorator.scope });
      }
    }
  }

  private functionsIn(value: Located): FunctionValue[] {
    const isName = value.node.type === "identifier" || value.node.type === "attribute";
    const values: readonly Value[] = isName ? this.evaluator.evaluate(value) : [];
    return values.flatMap((it) => (it.kind === "function" ? it : []));
  }

  private add(called: FunctionValue, given: ReadonlyMap<string, Located>): void {
    for (const parameter of this.parametersOf(called)) {
      const value = given.get(parameter.name);
      if (value) addTo(this.toParameters, parameter, value);
    }
  }

  private addToClass(value: ClassValue, call: Located, given: readonly GivenArgument[]): void {
    const constructors = memberOfClass(value, "__init__", this.evaluator) ?? [];
    for (const it of constructors) {
      if (it.kind === "function") this.add(it, bindCall(this.parametersOf(it), call, 1));
    }
    if (constructors.length > 0) return;
    const fields = fieldsOf(value.node);
    const named = this.toClasses.get(value.node) ?? new Map<string, Located[]>();
    this.toClasses.set(value.node, named);
    given.forEach((it, index) => {
      const name = it.name ?? fields[index];
      if (name !== undefined) addTo(named, name, it.value);
    });
  }

  private parametersOf({ node, scope }: FunctionValue): readonly Parameter[] {
    return this.evaluator.program.at(scope.file)?.scopes.parameters.get(node) ?? [];
  }
}

/** The fields of a data class in their order: its annotated names. */
function fieldsOf(node: PyNode): string[] {
  return (child(node, "body")?.children ?? []).flatMap((it) => {
    const [statement] = it.children;
    const isField = statement?.type === "assignment" && child(statement, "type");
    return isField ? (child(statement, "left")?.text ?? []) : [];
  });
}
