import type { PolicyResource } from "@pulumi/policy";
import type { Requirement } from "../data/requirements.ts";
import {
  assumesRole,
  encryptsExecutions,
  logsExecutions,
  readsItems,
  resourceParameters,
  ruleActions,
  runsDistributed,
  tracesExecutions,
  writesResults,
} from "../data/state-machines.ts";
import { type Field, has, isFields, isSet, memberOf, ownValue, read, scalarOf } from "../field.ts";
import { type Action, actionsOf } from "../iam/actions.ts";
import type { StackArns } from "./arns.ts";
import { acceptedOf, type FindByName, isNameForId, requirementsOf } from "./calls.ts";
import { definitionOf, type StateCall } from "./definitions.ts";
import { type Integration, integrationOf } from "./integrations.ts";
import { fitOf, typesOfArn } from "./kinds.ts";
import { type Reference, resolveProperty, sourcesOf } from "./links.ts";
import { isNameOf } from "./naming.ts";
import { type Alternative, type Need, needsOf, nothing } from "./need.ts";

/** What a state machine needs, and how far that is known. */
export interface StateMachineNeeds {
  readonly needs: readonly Need[];
  /** True if none of the definition is read. Then `gaps` says why. */
  readonly isUnread: boolean;
  /** True if the definition is not known before deployment. */
  readonly isPending: boolean;
  /** Why there may be further calls, as sentences about the state machine without a full stop. */
  readonly gaps: readonly string[];
}

/** Reads the definition of a state machine, and resolves its calls to resources by their parameters. */
export async function stateMachineNeeds(
  machine: PolicyResource,
  stack: Stack,
): Promise<StateMachineNeeds> {
  const { kind, calls, gaps: unread, isDistributed } = definitionOf(machine);
  const itself: Reference = { resources: [machine], values: [] };
  const needs: Need[] = [
    ...configurationNeeds(machine, stack.arns),
    ...(isDistributed ? needsOf(machine, runsDistributed, itself) : []),
  ];
  const gaps = [...unread];
  for (const call of calls) {
    const integration = await integrationOf(call.resource);
    if (integration.kind === "unresolved") gaps.push(`its state ${call.state} ${integration.why}`);
    if (integration.kind === "call")
      needs.push(...(await callNeeds(machine, call, integration, stack)));
  }
  return {
    needs: distinct(needs),
    isUnread: kind !== "read",
    isPending: kind === "unknown",
    gaps,
  };
}

interface Stack {
  readonly arns: StackArns;
  readonly named: FindByName;
}

/** What the configuration of a state machine requires, whatever its definition. */
function configurationNeeds(machine: PolicyResource, { find }: StackArns): Need[] {
  const { props } = machine;
  const logging = memberOf(
    read(() => props.loggingConfiguration),
    "level",
  );
  const tracing = memberOf(
    read(() => props.tracingConfiguration),
    "enabled",
  );
  const key = "encryptionConfiguration.kmsKeyId";
  return [
    ...(isSet(logging) && scalarOf(logging) !== "OFF"
      ? configured(machine, logging, logsExecutions)
      : []),
    ...(isSet(tracing) && scalarOf(tracing) !== "false"
      ? configured(machine, tracing, tracesExecutions)
      : []),
    ...(has(props, "encryptionConfiguration")
      ? needsOf(machine, encryptsExecutions, resolveProperty(machine, key, find))
      : []),
  ];
}

/** What a setting requires; nothing is required if its value is not known yet. */
function configured(of: PolicyResource, setting: Field<unknown>, requirement: Requirement): Need[] {
  return needsOf(of, requirement).map((it) => ({
    ...it,
    isRequired: it.isRequired && setting.isKnown,
  }));
}

/** What a call needs. With `Credentials`, another role makes it, which the state machine's role assumes. */
async function callNeeds(
  of: PolicyResource,
  call: StateCall,
  integration: Integration & { readonly kind: "call" },
  stack: Stack,
): Promise<Need[]> {
  const { name, functionArn, signedBy, requirement, wait } = integration;
  const why = `the state ${call.state} of ${of.name} calls ${name}`;
  if (call.credentials !== undefined) {
    const roles = await referencesOf("sts:AssumeRole", call.credentials, of, stack);
    return roles.map((alternatives) => ({
      of,
      isRequired: true,
      why: `the state ${call.state} of ${of.name} ${assumesRole.why} (${assumesRole.url})`,
      alternatives,
    }));
  }
  const parameters = functionArn === undefined ? call.parameters : { FunctionName: functionArn };
  const isSigned =
    signedBy === undefined ||
    (isFields(parameters) && parameters[signedBy.name] === signedBy.value);
  const about = { of, isRequired: isSigned };
  const needs: Need[] = [];
  for (const actions of integration.needs) {
    const all = await Promise.all(
      actions.map((action) => referencesOf(action, parameters, of, stack)),
    );
    // Each resource is needed; for each, one of the actions is enough.
    const [first = []] = all;
    for (const index of first.keys()) {
      needs.push({ ...about, why, alternatives: all.flatMap((it) => it[index] ?? []) });
    }
    const [action, ...others] = actions;
    if (action === undefined || others.length > 0) continue;
    for (const { action: further, type, why: reason } of requirementsOf(action)) {
      const alternative = { action: further, ...nothing, ...(type && { type }) };
      needs.push({ ...about, why: `${why}, which ${reason}`, alternatives: [alternative] });
    }
  }
  const called = needs.flatMap(({ alternatives }) => alternatives);
  const waiting = { resources: called.flatMap(({ resources }) => resources), values: [] };
  const extras = [
    requirement,
    call.purpose === "items" ? readsItems : undefined,
    call.purpose === "results" ? writesResults : undefined,
  ].flatMap((it) => (it ? needsOf(of, it) : []));
  return [
    ...needs,
    ...extras,
    ...integration.mayUse
      .filter((it) => !it.startsWith("kms:"))
      .map((action): Need => {
        const alternatives = [{ action, ...nothing }];
        return { of, why, isRequired: false, isOfCall: true, alternatives };
      }),
    ...(wait ? needsOf(of, wait, isOfExecution(name) ? waiting : nothing) : []),
    ...(wait?.rule === undefined ? [] : ruleNeeds(of, wait.rule, wait.url)),
  ];
}

/** The ARNs of executions have the state machine's name; those of other jobs have an id. */
function isOfExecution(name: string): boolean {
  return name === "states:startExecution";
}

function ruleNeeds(of: PolicyResource, rule: string, url: string): Need[] {
  const requirement = { why: `waits for a job by the rule ${rule}`, required: ruleActions, url };
  return needsOf(of, requirement, {
    resources: [],
    values: [`arn:*:events:*:*:rule/${rule}`],
  });
}

/**
 * The resources that an action is called on. Each is needed; of the alternatives for one, which differ in how the
 * resource is named, one is enough.
 */
async function referencesOf(
  action: string,
  parameters: unknown,
  machine: PolicyResource,
  stack: Stack,
): Promise<Alternative[][]> {
  const [details] = await actionsOf(action);
  if (!details || details.resourceTypes.length === 0) return [[{ action, ...nothing }]];
  // No literal in the definition names it.
  const anything = [{ action, ...nothing, isGuess: true }];
  const [service = ""] = action.split(":");
  const paths = ownValue(resourceParameters, service);
  const isCopy = isFields(parameters) && Object.keys(parameters).some(isCopySource);
  // What it copies from may be in another account.
  if (isCopy && !details.isWrite) return [anything];
  const { texts, isOpen } = paths ? namedAt(parameters, paths) : namedAnywhere(parameters);
  const found: Alternative[][] = [];
  for (const text of texts) {
    const spellings = spellingsOf(text);
    const resources = await resourcesNamed(spellings, details, machine, stack);
    const isName = paths !== undefined && !text.startsWith("arn:");
    if (resources.length > 0) found.push([{ action, resources, values: [] }]);
    else if (isNameForId(details, text)) found.push(anything);
    else if (isName || spellings.some((it) => typesOfArn(details, it).length > 0))
      found.push(spellings.map((it) => ({ action, resources: [], values: [it] })));
  }
  return isOpen || found.length === 0 ? [...found, anything] : found;
}

/**
 * The resources of the stack that the spellings of a name or an ARN name, if the action accepts them: an alias and
 * its function, since a permission on the function may end with a wildcard, or have a condition for the alias.
 */
async function resourcesNamed(
  spellings: readonly string[],
  action: Action,
  machine: PolicyResource,
  stack: Stack,
): Promise<PolicyResource[]> {
  const found = new Set<PolicyResource>();
  for (const it of spellings) {
    for (const one of await resourcesSpelled(it, action, machine, stack)) found.add(one);
  }
  return [...found];
}

async function resourcesSpelled(
  text: string,
  action: Action,
  machine: PolicyResource,
  { arns, named }: Stack,
): Promise<PolicyResource[]> {
  const byArn = text.startsWith("arn:") ? arns.find(text) : undefined;
  if (byArn && (await fitOf(action, byArn.type)) !== "no") return [byArn];
  const byName = await acceptedOf(action, named(text));
  if (byName.length > 0) return byName;
  const sources = await acceptedOf(action, sourcesOf(machine, "definition"));
  return sources.filter((it) => isNameOf(it, text)).slice(0, 1);
}

function isCopySource(name: string): boolean {
  return name.replace(/\.\$$/, "") === "CopySource";
}

/** A name or ARN, and the same without the alias, version or revision after it, or the account before it. */
function spellingsOf(text: string): string[] {
  const name = text.replace(/^\d{12}:function:/, "");
  const isArn = name.startsWith("arn:");
  const plain = isArn
    ? name.replace(
        /(:function:[^:]+|:(?:task|job)-definition\/[^:]+|:stateMachine:[^:]+):[\w$-]+$/,
        "$1",
      )
    : name.replace(/^([^:/]+):[\w$-]+$/, "$1");
  return [...new Set([text, name, plain])];
}

interface Names {
  readonly texts: readonly string[];
  /** True if there is, or may be, a name that is not a literal. */
  readonly isOpen: boolean;
}

/** The literals at these paths; open if one of them is an expression, or none is a literal. */
function namedAt(parameters: unknown, paths: readonly string[]): Names {
  if (!isFields(parameters)) return { texts: [], isOpen: true };
  const all = paths.map((path) => valuesAt(parameters, path.split(".")));
  const texts = all.flatMap((it) => it.texts);
  return { texts, isOpen: texts.length === 0 || all.some(({ isOpen }) => isOpen) };
}

function valuesAt(value: unknown, [name, ...rest]: readonly string[]): Names {
  if (name === undefined) {
    const isLiteral = typeof value === "string" && value !== "" && !isExpression(value);
    return isLiteral ? { texts: [value], isOpen: false } : { texts: [], isOpen: true };
  }
  if (typeof value !== "object" || value === null) return { texts: [], isOpen: true };
  if (name === "@") {
    const names = Object.keys(value);
    const texts = names.filter((it) => !it.endsWith(".$"));
    return { texts, isOpen: texts.length < names.length };
  }
  if (name === "*") {
    const all = Object.values(value).map((it) => valuesAt(it, rest));
    return {
      texts: all.flatMap((it) => it.texts),
      // An element without it has a default, e.g. the default bus.
      isOpen: all.some(({ isOpen, texts }) => isOpen || texts.length === 0),
    };
  }
  if (Object.hasOwn(value, name)) return valuesAt((value as Record<string, unknown>)[name], rest);
  return { texts: [], isOpen: Object.hasOwn(value, `${name}.$`) };
}

/** Any literal may be a name if no expression can be. */
function namedAnywhere(parameters: unknown): Names {
  if (!isFields(parameters)) return { texts: [], isOpen: true };
  const entries = Object.entries(parameters);
  const isOpen = entries.some(([name, it]) => name.endsWith(".$") || isExpression(it));
  const texts = entries.flatMap(([, it]) => (typeof it === "string" && it !== "" ? it : []));
  return { texts: isOpen ? [] : texts, isOpen };
}

/** True for an expression in JSONata. */
function isExpression(value: unknown): boolean {
  return typeof value === "string" && value.trim().startsWith("{%");
}

/** Without needs that are equal but for their reason: a definition can call one resource many times. */
function distinct(needs: readonly Need[]): Need[] {
  const found = new Map<string, Need>();
  for (const it of needs) {
    const key = JSON.stringify([
      it.isRequired,
      it.alternatives.map((one) => [one.action, one.resources.map(({ urn }) => urn), one.values]),
    ]);
    if (!found.has(key)) found.set(key, it);
  }
  return [...found.values()];
}
