import { addTo } from "../../groups.ts";
import { isNamingMember } from "../naming-members.ts";
import { argument, argumentsOf } from "./arguments.ts";
import type { Evaluator } from "./evaluator.ts";
import { gapsOfCall } from "./gaps.ts";
import { isNeverRun } from "./imports.ts";
import type { ProgramFile } from "./program.ts";
import { memberOfResource } from "./resources.ts";
import { type Located, type Scope, walk } from "./scopes.ts";
import { withRoles } from "./sessions.ts";
import { child, type PyNode, walkNodes } from "./syntax.ts";
import type { Called, Use, Uses } from "./use.ts";
import { nameInResource, ofClient, whereOf, withPositions } from "./use-names.ts";
import type {
  ClientValue,
  Credentials,
  GivenArgument,
  PendingCall,
  ResourceValue,
  Value,
} from "./value.ts";

/** A use is kept in memory, so it counts as much as this number of visited nodes. */
const stepsOfUse = 100;

/** Methods of a client that get the name of an operation or a waiter: the parameter of it. */
const naming: Readonly<Record<string, string>> = {
  generate_presigned_url: "ClientMethod",
  get_paginator: "operation_name",
  get_waiter: "waiter_name",
};

/** Finds where the program calls AWS. `live` are the functions that may run. */
export function usesIn(
  files: readonly ProgramFile[],
  live: ReadonlySet<PyNode> | "all",
  evaluator: Evaluator,
): Uses {
  const finder = new UseFinder(files, live, evaluator);
  for (const { root, scopes } of files) {
    // What runs only in a script comes after everything else of the file.
    const scripts: Located[] = [];
    walk(scopes.byNode, { node: root, scope: scopes.root }, (located, parent) => {
      const isScript =
        parent !== undefined && located.node.field === "consequence" && isNeverRun(parent);
      if (isScript) scripts.push(located);
      else finder.visit(located, parent);
      return !isScript;
    });
    finder.inScript(() => {
      for (const it of scripts) {
        walk(scopes.byNode, it, (located, parent) => {
          finder.visit(located, parent);
          return true;
        });
      }
    });
  }
  return finder;
}

class UseFinder implements Uses {
  readonly unresolved: string[] = [];
  private readonly found: Use[] = [];
  private readonly ofServices = new Set<string>();
  /** Paginators and waiters by the call that creates them, and what their own calls get. */
  private readonly pending = new Map<PyNode, Use[]>();
  private readonly pendingInputs = new Map<PyNode, GivenArgument[]>();
  private readonly live: ReadonlySet<PyNode> | "all";
  private readonly evaluator: Evaluator;
  private readonly functionNames: ReadonlySet<string>;
  private readonly computesNames: boolean;
  private isScript = false;

  constructor(
    files: readonly ProgramFile[],
    live: ReadonlySet<PyNode> | "all",
    evaluator: Evaluator,
  ) {
    this.live = live;
    this.evaluator = evaluator;
    this.computesNames = files.some(({ root }) => computesNames(root));
    this.functionNames = new Set(
      files.flatMap(({ scopes }) =>
        [...scopes.parameters.keys()].flatMap((it) => child(it, "name")?.text ?? []),
      ),
    );
  }

  get uses(): readonly Use[] {
    const pending = [...this.pending].flatMap(([node, uses]) => {
      const inputs = this.pendingInputs.get(node) ?? [];
      return uses.map((it) => ({ ...it, inputs }));
    });
    return [...this.found, ...pending];
  }

  get services(): readonly string[] {
    return [...this.ofServices];
  }

  /** Visits code that Lambda does not run. */
  inScript(visit: () => void): void {
    this.isScript = true;
    visit();
    this.isScript = false;
  }

  visit(located: Located, parent: PyNode | undefined): void {
    const { node } = located;
    if (node.type === "call") {
      this.visitCall(located);
      const isCallee = parent?.type === "call" && node.field === "function";
      if (!isCallee && child(node, "function")?.text === "getattr") this.visitGetattr(located);
    } else if (node.type === "attribute") this.visitAttribute(located, parent);
  }

  private visitCall(call: Located): void {
    const callee = child(call.node, "function");
    if (!callee) return;
    const given = argumentsOf(call);
    const at = child(callee, "attribute") ?? callee;
    for (const it of withRoles(this.evaluator.evaluate({ ...call, node: callee }))) {
      this.addCall(it, call, given, at);
    }
    const object = callee.type === "attribute" ? child(callee, "object") : undefined;
    const objects = object ? this.evaluator.evaluate({ ...call, node: object }) : [];
    for (const it of objects) {
      const isPending = it.kind === "paginator" || it.kind === "waiter";
      if (isPending && /^(paginate|wait)$/.test(at.text)) this.addInputs(it, given);
    }
    for (const it of gapsOfCall(call, this.functionNames, this.evaluator)) {
      this.addGap(call, at, it);
    }
    for (const it of this.evaluator.evaluate(call)) {
      if (it.kind === "client" || it.kind === "resource") this.ofServices.add(it.service);
    }
  }

  /** A call of a method, by what the expression before the parenthesis is. */
  private addCall(callee: Value, call: Located, given: readonly GivenArgument[], at: PyNode): void {
    switch (callee.kind) {
      case "method":
        this.addMethod(callee.client, callee.name, call, [...callee.given, ...given], at);
        return;
      case "resource-member": {
        const { resource, name, member } = callee;
        const inputs = [...resource.inputs, ...withPositions(name, given, resource.type)];
        if (member.kind === "action" || member.kind === "batch-writer") {
          this.addOfResource(resource, member.method, name, inputs, call, at);
          const load =
            member.kind === "action" && !resource.isLoaded ? member.loadMethod : undefined;
          if (load !== undefined)
            this.addOfResource(resource, load, name, resource.inputs, call, at);
        } else if (member.kind === "waiter") {
          const called = {
            kind: "waiter",
            service: resource.service,
            waiter: member.waiter,
          } as const;
          this.add(called, nameInResource(resource, name), resource.credentials, inputs, call, at);
        }
        return;
      }
      case "collection-member": {
        const { collection, name, member } = callee;
        const { resource } = collection;
        const inputs = [...resource.inputs, ...collection.inputs, ...given];
        const full = `${collection.name}.${name}`;
        if (member.kind === "unknown") return;
        this.addOfResource(resource, collection.collection.method, full, inputs, call, at);
        if (member.kind === "batch-action") {
          const ofNames = inputs.filter((it) => isNamingMember(it.name ?? ""));
          this.addOfResource(resource, member.method, full, ofNames, call, at);
        }
        return;
      }
      case "library":
        this.addLibraryCall(callee.name, call, given, at);
        return;
      case "partial":
        this.addLibraryCall(callee.name, call, [...callee.given, ...given], at);
        return;
      case "unknown": {
        const isMethod = child(call.node, "function")?.type === "attribute";
        if (isMethod) this.addUnknown(at.text, call, given, at);
        return;
      }
      default:
    }
  }

  private addMethod(
    client: ClientValue,
    name: string,
    call: Located,
    given: readonly GivenArgument[],
    at: PyNode,
  ): void {
    const { service, credentials } = client;
    if (Object.hasOwn(naming, name)) {
      this.addNamed(client, name, call, given, at);
      return;
    }
    const called = { kind: "method", service, method: name } as const;
    const inputs = withPositions(name, given);
    this.add(called, ofClient(service, name), credentials, inputs, call, at);
  }

  /** `client.get_paginator("name")` and such. */
  private addNamed(
    { service, credentials }: ClientValue,
    name: string,
    call: Located,
    given: readonly GivenArgument[],
    at: PyNode,
  ): void {
    for (const it of this.namesIn(name, call, given, at)) {
      const called: Called =
        name === "get_waiter"
          ? { kind: "waiter", service, waiter: it }
          : { kind: "method", service, method: it };
      const parameters = argument(given, "Params", 1);
      const isSigned = name === "generate_presigned_url";
      const inputs = isSigned && parameters ? [{ name: undefined, value: parameters }] : [];
      const full = ofClient(service, `${name}("${it}")`);
      const use = this.useOf(called, full, credentials, inputs, call, at);
      if (use && isSigned) this.found.push(use);
      else if (use) addTo(this.pending, call.node, use);
    }
  }

  /** A method of a value that cannot be followed, by its name alone. */
  private addUnknown(
    method: string,
    call: Located,
    given: readonly GivenArgument[],
    at: PyNode,
  ): void {
    const names = Object.hasOwn(naming, method) ? this.namesIn(method, call, given, at) : [method];
    for (const it of names) {
      const called: Called =
        method === "get_waiter"
          ? { kind: "unknown-waiter", waiter: it }
          : { kind: "unknown", method: it };
      this.add(called, "", "either", given, call, at);
    }
  }

  /** The operations or waiters that a call of `get_paginator` and such names. */
  private namesIn(
    method: string,
    call: Located,
    given: readonly GivenArgument[],
    at: PyNode,
  ): string[] {
    const name = argument(given, naming[method], 0);
    const values = name ? this.evaluator.evaluate(name) : [];
    if (values.length === 0 || values.some(({ kind }) => kind !== "string")) {
      const isSigned = method === "generate_presigned_url";
      const what = isSigned ? "signs a request for an operation with" : `calls ${method} with`;
      this.addGap(call, at, `${what} a computed name`);
    }
    return values.flatMap((it) => (it.kind === "string" ? it.text : []));
  }

  /** The creating call is visited before or after, so its inputs are kept apart. */
  private addInputs({ node }: PendingCall, given: readonly GivenArgument[]): void {
    const known = this.pendingInputs.get(node) ?? [];
    this.pendingInputs.set(node, known);
    for (const it of given) known.push(it);
  }

  private addOfResource(
    resource: ResourceValue,
    method: string,
    name: string,
    inputs: readonly GivenArgument[],
    call: Located,
    at: PyNode,
  ): void {
    const called = { kind: "method", service: resource.service, method } as const;
    this.add(called, nameInResource(resource, name), resource.credentials, inputs, call, at);
  }

  private addLibraryCall(
    name: string,
    call: Located,
    given: readonly GivenArgument[],
    at: PyNode,
  ): void {
    // A name that no file declares, e.g. one that `globals()` gets, counts as one of `builtins`.
    if (/^builtins\.\w+\./.test(name)) this.addUnknown(at.text, call, given, at);
    else if (name === "operator.methodcaller") this.addOperator(call, given, at);
    else if (name.startsWith("aws_lambda_powertools.")) {
      const callee = child(call.node, "function");
      const object = callee && child(callee, "object");
      const objects = object ? this.evaluator.evaluate({ ...call, node: object }) : [];
      const ofObject = objects.flatMap((it) => (it.kind === "library-object" ? it.inputs : []));
      const named = given.map((it, index) =>
        index === 0 ? { ...it, name: it.name ?? "name" } : it,
      );
      this.add({ kind: "library", name }, "", "own", [...ofObject, ...named], call, at);
    }
  }

  /** `methodcaller("publish", TopicArn=arn)`: a method of whatever it is called with. */
  private addOperator(call: Located, given: readonly GivenArgument[], at: PyNode): void {
    const [name, ...rest] = given;
    for (const it of name ? this.evaluator.evaluate(name.value) : []) {
      if (it.kind === "string") this.addUnknown(it.text, call, rest, at);
      else this.addGap(call, at, "calls a method by a computed name");
    }
  }

  /** A method that is not called where it is named, and an attribute of a resource, which may be loaded. */
  private visitAttribute(located: Located, parent: PyNode | undefined): void {
    const { node, scope, frame } = located;
    const at = child(node, "attribute");
    const object = child(node, "object");
    const isCallee = parent?.type === "call" && node.field === "function";
    if (!at || !object || isCallee) return;
    for (const it of this.evaluator.evaluate({ node: object, scope, frame })) {
      if (it.kind === "client") this.addMentioned(it, located, parent, at);
      if (it.kind !== "resource" || node.field === "left") continue;
      const { service, type } = it;
      const member = memberOfResource({ service, type, name: at.text });
      const isLoading = member.kind === "attribute" || member.kind === "reference";
      const method = isLoading && !it.isLoaded ? member.loadMethod : undefined;
      if (method !== undefined) {
        this.addOfResource(it, method, at.text, it.inputs, located, at);
      } else if (member.kind === "action") {
        this.addOfResource(it, member.method, at.text, it.inputs, located, at);
      }
    }
  }

  /** `submit(client.put_object, Bucket="b")`: what follows may be its arguments. */
  private addMentioned(
    client: ClientValue,
    located: Located,
    parent: PyNode | undefined,
    at: PyNode,
  ): void {
    const { service, credentials } = client;
    const called = { kind: "method", service, method: at.text } as const;
    const { scope, frame } = located;
    const rest =
      parent?.type === "argument_list"
        ? parent.children.slice(parent.children.indexOf(located.node) + 1)
        : [];
    const call: PyNode | undefined = parent && {
      ...parent,
      type: "call",
      children: [{ ...parent, field: "arguments", children: rest }],
    };
    const inputs = rest.length > 0 && call ? argumentsOf({ node: call, scope, frame }) : [];
    const name = ofClient(service, at.text);
    const use = this.useOf(called, name, credentials, inputs, located, at);
    if (use) this.found.push({ ...use, isCalled: inputs.length > 0 });
  }

  /** `submit(getattr(client, "put_object"))` */
  private visitGetattr(located: Located): void {
    const { node } = located;
    for (const it of this.evaluator.evaluate(located)) {
      if (it.kind !== "method") continue;
      const { client, name } = it;
      const called = { kind: "method", service: client.service, method: name } as const;
      const full = ofClient(client.service, name);
      const use = this.useOf(called, full, client.credentials, [], located, node);
      if (use) this.found.push({ ...use, isCalled: false });
    }
  }

  private addGap({ scope }: Located, at: PyNode, what: string): void {
    // A computed name may reach a function that nothing mentions.
    const mayRun = this.isLive(scope) || (this.computesNames && !this.isScript);
    if (mayRun) this.unresolved.push(`${what} (${whereOf(at, scope)})`);
  }

  private add(
    called: Called,
    name: string,
    credentials: Credentials,
    inputs: readonly GivenArgument[],
    located: Located,
    at: PyNode,
  ): void {
    const use = this.useOf(called, name, credentials, inputs, located, at);
    if (use) this.found.push(use);
  }

  /** Undefined for a call of another role. */
  private useOf(
    called: Called,
    name: string,
    credentials: Credentials,
    inputs: readonly GivenArgument[],
    { scope }: Located,
    at: PyNode,
  ): Use | undefined {
    scope.budget.countSteps(stepsOfUse);
    if (credentials === "other") return undefined;
    const isOptional = credentials === "either" || !this.isLive(scope);
    return {
      called,
      name,
      inputs,
      isOptional,
      isCalled: true,
      where: whereOf(at, scope),
      node: at,
    };
  }

  private isLive(scope: Scope): boolean {
    if (this.isScript) return false;
    if (this.live === "all") return true;
    for (let it: Scope | undefined = scope; it; it = it.parent) {
      const isUnit = it.kind === "module" || it.node.type === "function_definition";
      if (isUnit) return this.live.has(it.node);
    }
    return true;
  }
}

/** True for code that finds functions by names that are not in it: `getattr(self, name)`, `globals()[name]`. */
function computesNames(root: PyNode): boolean {
  let computes = false;
  walkNodes(root, (node) => {
    if (node.type !== "call") return !computes;
    const name = child(node, "function")?.text ?? "";
    const [, attribute] = child(node, "arguments")?.children ?? [];
    computes ||= /^(globals|locals|vars|eval|exec)$/.test(name);
    computes ||= name === "getattr" && attribute !== undefined && attribute.type !== "string";
    return !computes;
  });
  return computes;
}
