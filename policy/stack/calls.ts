import type { PolicyResource } from "@pulumi/policy";
import type { Reading } from "../code/assets.ts";
import type { CodeBudget } from "../code/budget.ts";
import { type Call, callsOf } from "../code/calls.ts";
import { folderOfCode, relativePathsIn } from "../code/location.ts";
import { type Code, type Layer, type Package, readPackage, unreadable } from "../code/package.ts";
import type { ReadingCache } from "../code/reading-cache.ts";
import { acceptNamesForIds, callRequirements, requiredTypes } from "../data/call-requirements.ts";
import { type Field, isFields, nonEmptyStringOf, ownValue, read } from "../field.ts";
import { addTo } from "../groups.ts";
import { type Action, actionsOf } from "../iam/actions.ts";
import type { StackArns } from "./arns.ts";
import { fitOf, typesOfArn } from "./kinds.ts";
import type { LayerFinder } from "./layers.ts";
import { candidatesFor, isOfAws, type Reference, resolveValues, sourcesOf } from "./links.ts";
import { arnOf, namesOf } from "./names.ts";
import { isNameOf } from "./naming.ts";
import { type Alternative, type Need, nothing } from "./need.ts";
import { resourceName } from "./permissions.ts";
import type { Uploads } from "./uploads.ts";

/** What a function's code needs, and how far that is known. */
export interface CodeNeeds {
  readonly needs: readonly Need[];
  /** True if none of the code is read. Then `gaps` says why. */
  readonly isUnread: boolean;
  /** Why the code may make further calls, as sentences about the function without a full stop. */
  readonly gaps: readonly string[];
  /** Why a call may have been missed though all code is read, as such sentences. */
  readonly caveats: readonly string[];
}

/** Where the code of a stack's functions is found. */
export interface DeployedCode {
  /** The folder in which the engine was started. */
  readonly start: string;
  /** The hash that the engine computed of the code of each function, layer and object in S3, by URN. */
  readonly hashes: ReadonlyMap<string, string>;
  readonly uploads: Uploads;
  readonly layers: LayerFinder;
  readonly cache?: ReadingCache | undefined;
}

/** Reads the code of a function, and resolves its calls to resources by its environment. */
export async function codeNeeds(
  lambda: PolicyResource,
  stack: { arns: StackArns; named: FindByName; code: DeployedCode; budget: CodeBudget },
): Promise<CodeNeeds> {
  const { code: deployed, budget } = stack;
  const read = await readDeployed(lambda, deployed, budget);
  if (read.kind === "unreadable") {
    return { needs: [], isUnread: true, gaps: [read.why], caveats: [] };
  }
  const { calls, unresolved, caveats } = await callsOf(read.code, budget, deployed.cache);
  const environment = environmentOf(lambda);
  const needs: Need[] = [];
  for (const call of calls) {
    const why = `the code of ${lambda.name} calls ${call.name} (${call.where})`;
    const alternativeOf = (action: string) => alternativeFor(action, call, environment, stack);
    const about = { of: lambda, why };
    for (const actions of call.needs) {
      needs.push({
        ...about,
        isRequired: true,
        alternatives: await Promise.all(actions.map(alternativeOf)),
      });
      const [action, ...others] = actions;
      if (action === undefined || others.length > 0) continue;
      for (const it of requirementsOf(action)) {
        const alternative = it.type
          ? { action, ...nothing, type: it.type }
          : await alternativeOf(it.action);
        needs.push({
          of: lambda,
          why: `${why}, which ${it.why}`,
          isRequired: true,
          alternatives: [alternative],
        });
      }
    }
    // keys.ts decides which keys are used.
    for (const action of call.mayUse.filter((it) => !it.startsWith("kms:"))) {
      needs.push({
        ...about,
        isRequired: false,
        isOfCall: true,
        alternatives: [{ action, ...nothing }],
      });
    }
  }
  return { needs, isUnread: false, gaps: [...read.unread, ...unresolved], caveats };
}

/** What each call of an action requires besides: other actions, or the action on a resource of one more type. */
export function requirementsOf(
  action: string,
): { readonly action: string; readonly type?: string; readonly why: string }[] {
  const requirement = ownValue(callRequirements, action);
  const further = ownValue(requiredTypes, action);
  return [
    ...(requirement?.required ?? []).map((it) => ({
      action: it,
      why: `${requirement?.why} (${requirement?.url})`,
    })),
    ...(further
      ? [{ action, type: further.type, why: `also needs a ${further.type} (${further.url})` }]
      : []),
  ];
}

async function readDeployed(
  lambda: PolicyResource,
  deployed: DeployedCode,
  budget: CodeBudget,
): Promise<Package> {
  const { code, reading } = await findCode(lambda, deployed, budget);
  const { found, modules, unread } = deployed.layers.of(lambda);
  const layers: Layer[] = [];
  for (const it of found) {
    layers.push({ name: resourceName(it), ...(await findCode(it, deployed, budget)) });
  }
  return readPackage(lambda.props, code, reading, { layers, modules, unread });
}

/** The code of a function or of a layer, and the folder from which the engine deploys it. */
async function findCode(
  of: PolicyResource,
  { start, hashes, uploads }: DeployedCode,
  budget: CodeBudget,
): Promise<{ readonly code: Code; readonly reading: Reading }> {
  const { code, from } = await uploads.codeOf(of);
  if (code.kind !== "asset") return { code, reading: { folder: start, budget } };
  // urn:pulumi:STACK::PROJECT::TYPE::NAME
  const project = from.urn.split("::")[1] ?? "";
  const folder = await folderOfCode(code.asset, hashes.get(from.urn), { start, project }, budget);
  if (folder !== undefined) return { code, reading: { folder, budget } };
  const [path = ""] = await relativePathsIn(code.asset);
  const missing = unreadable(
    `its code ${path} is not found as the engine deploys it, neither from ${start} nor from the folder of a Pulumi.yaml`,
  );
  return { code: missing, reading: { folder: start, budget } };
}

interface Environment {
  readonly values: Readonly<Record<string, Field<unknown>>>;
  /** The resources that the values come from. The engine does not know which value is from which. */
  readonly sources: readonly PolicyResource[];
}

function environmentOf(lambda: PolicyResource): Environment {
  const environment = read(() => lambda.props.environment?.variables);
  const variables = environment.isKnown && isFields(environment.value) ? environment.value : {};
  const names = Object.keys(variables);
  return {
    values: Object.fromEntries(names.map((it) => [it, read(() => variables[it])])),
    sources: sourcesOf(lambda, "environment"),
  };
}

/** The resources of a stack with a known name, id, address or ARN. */
export type FindByName = (name: string) => readonly PolicyResource[];

export function findByNameIn(resources: readonly PolicyResource[]): FindByName {
  let found: Map<string, PolicyResource[]> | undefined;
  return (name) => {
    found ??= byName(resources);
    return found.get(name) ?? [];
  };
}

function byName(resources: readonly PolicyResource[]): Map<string, PolicyResource[]> {
  const found = new Map<string, PolicyResource[]>();
  for (const it of resources.filter(({ type }) => isOfAws(type))) {
    const own = [arnOf(it), nonEmptyStringOf(read(() => it.props.url)), ...namesOf(it)];
    for (const name of new Set(own)) if (name !== undefined) addTo(found, name, it);
  }
  return found;
}

/** The resources that an action certainly accepts. */
export async function acceptedOf(
  action: Action,
  resources: readonly PolicyResource[],
): Promise<PolicyResource[]> {
  const fits = await Promise.all(resources.map((it) => fitOf(action, it.type)));
  return resources.filter((_, index) => fits[index] === "accepted");
}

/**
 * What an action is called on: what the variables in the call's input refer to, if the action accepts such
 * a resource. If their values are not known yet, or the input uses none: the resources of the environment
 * that the action accepts.
 */
async function alternativeFor(
  action: string,
  call: Call,
  { values, sources }: Environment,
  { arns, named }: { arns: StackArns; named: FindByName },
): Promise<Alternative> {
  const [details] = await actionsOf(action);
  if (!details || details.resourceTypes.length === 0) return { action, ...nothing };
  const copied = details.isWrite ? undefined : call.copied;
  const { variables, arns: literal, names } = copied ?? call;
  // Where it copies from is not in the environment.
  if (copied && variables.length + literal.length === 0) return { action, ...nothing };
  const byName = new Map<string, PolicyResource>();
  for (const name of names) {
    // A string that names nothing of the stack may not be a name.
    const [found, ...others] = await acceptedOf(details, named(name));
    if (found && others.length === 0) byName.set(name, found);
  }
  const fields = [
    ...[...literal, ...byName.keys()].map((value): Field<unknown> => ({ isKnown: true, value })),
    ...variables.flatMap((it) => ownValue(values, it) ?? []),
  ];
  const candidates = await candidatesFor([details], sources);
  const find = (value: string) =>
    byName.get(value) ?? arns.find(value) ?? candidates.find((it) => isNameOf(it, value));
  const reference = await acceptedBy(details, resolveValues(fields, find, candidates));
  return { action, ...reference, isGuess: fields.length === 0 };
}

/** The part of a reference that the action can be about: an input may also name a secret, a role or a document. */
async function acceptedBy(action: Action, reference: Reference): Promise<Reference> {
  const fits = await Promise.all(reference.resources.map(({ type }) => fitOf(action, type)));
  const resources = reference.resources.filter((_, index) => fits[index] !== "no");
  const values = reference.values.filter((it) =>
    it.startsWith("arn:") ? typesOfArn(action, it).length > 0 : true,
  );
  if (resources.length + values.length === 0) return reference;
  return { resources, values: values.filter((it) => !isNameForId(action, it)) };
}

/** True for a name that says nothing about the ARN, e.g. the alias of a key. */
export function isNameForId({ name }: Action, value: string): boolean {
  const [service = ""] = name.split(":");
  if (service === "kms") return value.includes("alias/");
  return acceptNamesForIds.includes(service) && !value.startsWith("arn:");
}
