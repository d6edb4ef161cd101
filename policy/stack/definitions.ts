import type { PolicyResource } from "@pulumi/policy";
import { type Fields, isFields, ownValue, read, redact } from "../field.ts";
import { readLimits } from "../read-limits.ts";
import { isSecret } from "../secrets.ts";

/** A call of a state in the Amazon States Language. */
export interface StateCall {
  /** The state, as findings show it. */
  readonly state: string;
  /** What the state does: its call, or what a Map state in distributed mode reads and writes. */
  readonly purpose: "call" | "items" | "results";
  /** As written, e.g. `arn:aws:states:::sqs:sendMessage`. */
  readonly resource: string;
  /** The value of `Parameters` or `Arguments`; undefined if the state passes its input. */
  readonly parameters: unknown;
  /** The value of `Credentials`; undefined if it calls with the role of the state machine. */
  readonly credentials: unknown;
}

export interface Definition {
  readonly calls: readonly StateCall[];
  /** True if it has a Map state in distributed mode. */
  readonly isDistributed: boolean;
  /** Why there may be further calls, as sentences about the state machine without a full stop. */
  readonly gaps: readonly string[];
  readonly kind: "read" | "malformed" | "unknown";
}

/** The calls of a state machine's definition, also in Parallel and Map states; in JSONPath and in JSONata. */
export function definitionOf({ props }: Pick<PolicyResource, "props">): Definition {
  const field = read(() => props.definition as unknown);
  if (!field.isKnown) return unread("unknown", "its definition is not known before deployment");
  const { value } = field;
  if (typeof value !== "string") return unread("malformed", "its definition is not a string");
  if (value.length > readLimits.definitionCharacters) {
    return unread(
      "malformed",
      `its definition is longer than ${readLimits.definitionCharacters} characters (definitionCharacters)`,
    );
  }
  const machine = parse(value);
  if (machine === undefined) return unread("malformed", "its definition is not JSON");
  if (!isFields(machine) || !isFields(machine.States)) {
    return unread("malformed", "its definition is not an object with States");
  }
  const reader = new DefinitionReader();
  reader.addStates(machine.States, 1);
  return reader;
}

function unread(kind: Definition["kind"], why: string): Definition {
  return { kind, calls: [], isDistributed: false, gaps: [why] };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

class DefinitionReader implements Definition {
  readonly kind = "read";
  readonly calls: StateCall[] = [];
  readonly gaps: string[] = [];
  isDistributed = false;

  /** The states of a state machine, or of what a state runs. `depth` is 1 for those of the state machine. */
  addStates(states: Fields, depth: number): void {
    for (const [name, state] of Object.entries(states)) {
      if (isFields(state)) this.addState(nameToShow(name), state, depth);
      else this.gaps.push(`its state ${nameToShow(name)} is not an object`);
    }
  }

  private addState(name: string, state: Fields, depth: number): void {
    switch (state.Type) {
      case "Task":
        this.addCall(name, "call", state);
        break;
      case "Parallel":
        for (const it of [state.Branches].flat()) this.addInner(name, it, depth);
        break;
      case "Map":
        this.addMap(name, state, depth);
        break;
      case "Choice":
      case "Fail":
      case "Pass":
      case "Succeed":
      case "Wait":
        break;
      default:
        this.gaps.push(`its state ${name} has an unknown Type`);
    }
  }

  private addMap(name: string, state: Fields, depth: number): void {
    const processor = ownValue(state, "ItemProcessor") ?? ownValue(state, "Iterator");
    const config = isFields(processor) ? processor.ProcessorConfig : undefined;
    if (isFields(config) && config.Mode === "DISTRIBUTED") this.isDistributed = true;
    if (isFields(state.ItemReader)) this.addCall(name, "items", state.ItemReader);
    // Without a Resource it only sets the format of the results.
    const writer = state.ResultWriter;
    if (isFields(writer) && writer.Resource !== undefined) this.addCall(name, "results", writer);
    this.addInner(name, processor, depth);
  }

  /** What a state runs: a branch, or what it does for each item. */
  private addInner(name: string, machine: unknown, depth: number): void {
    const states = isFields(machine) ? machine.States : undefined;
    if (!isFields(states)) {
      this.gaps.push(`its state ${name} runs something without States`);
    } else if (depth >= readLimits.definitionDepth) {
      this.gaps.push(
        `its state ${name} is ${readLimits.definitionDepth} levels deep (definitionDepth), and what it runs is not read`,
      );
    } else {
      this.addStates(states, depth + 1);
    }
  }

  private addCall(state: string, purpose: StateCall["purpose"], call: Fields): void {
    const { Resource: resource } = call;
    if (typeof resource !== "string") {
      this.gaps.push(`its state ${state} has no Resource`);
      return;
    }
    const parameters = call.Arguments ?? call.Parameters;
    this.calls.push({ state, purpose, resource, parameters, credentials: call.Credentials });
  }
}

/** A state's name, as it is in AWS's console; other strings as findings show them. */
function nameToShow(name: string): string {
  return /^[\w .()-]{1,80}$/.test(name) && !isSecret(name) ? name : redact(name);
}
