import type { PolicyResource } from "@pulumi/policy";
import type { Reading } from "../code/assets.ts";
import { type Call, callsOf } from "../code/calls.ts";
import { readPackage } from "../code/package.ts";
import { type Field, isFields, ownValue, read } from "../field.ts";
import { actionsOf } from "../iam/actions.ts";
import type { StackArns } from "./arns.ts";
import { candidatesFor, resolveValues, sourcesOf } from "./links.ts";
import { isNameOf } from "./naming.ts";
import type { Alternative, Need } from "./need.ts";

/** What a function's code needs, and which of its parts are not resolved. */
export interface CodeNeeds {
  readonly needs: readonly Need[];
  /** Ends of sentences about the function. */
  readonly unresolved: readonly string[];
}

/** Reads the code of a function, and resolves its calls to resources by its environment. */
export async function codeNeeds(
  lambda: PolicyResource,
  { arns, reading }: { arns: StackArns; reading: Reading },
): Promise<CodeNeeds> {
  const code = await readPackage(lambda.props, reading);
  if (code.kind === "unreadable") return { needs: [], unresolved: [code.why] };
  const { calls, unresolved } = await callsOf(code.files, reading.budget);
  const environment = environmentOf(lambda);
  const needs: Need[] = [];
  for (const call of calls) {
    const why = `the code of ${lambda.name} calls ${call.name} (${call.where})`;
    const alternativeOf = (action: string) => alternativeFor(action, call, environment, arns);
    const about = { of: lambda, why };
    for (const actions of call.needs) {
      needs.push({
        ...about,
        isRequired: true,
        alternatives: await Promise.all(actions.map(alternativeOf)),
      });
    }
    // keys.ts decides which keys are used.
    for (const action of call.mayUse.filter((it) => !it.startsWith("kms:"))) {
      needs.push({
        ...about,
        isRequired: false,
        alternatives: [{ action, resources: [], values: [] }],
      });
    }
  }
  return { needs, unresolved: firstOf([...code.unread, ...unresolved]) };
}

/** Enough findings for a person to review. Code can have a million. */
const mostSentences = 50;

function firstOf(sentences: readonly string[]): string[] {
  const more = sentences.length - mostSentences;
  if (more <= 0) return [...sentences];
  return [...sentences.slice(0, mostSentences), `${more} more parts of its code are not read`];
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

/**
 * What an action is called on: what the variables in the call's input refer to. If their values are not
 * known yet, or the input uses none: the resources of the environment that the action accepts.
 */
async function alternativeFor(
  action: string,
  { variables, arns: literal }: Call,
  { values, sources }: Environment,
  arns: StackArns,
): Promise<Alternative> {
  const [details] = await actionsOf(action);
  if (!details || details.resourceTypes.length === 0) return { action, resources: [], values: [] };
  const fields = [
    ...literal.map((value): Field<unknown> => ({ isKnown: true, value })),
    ...variables.flatMap((it) => ownValue(values, it) ?? []),
  ];
  const candidates = await candidatesFor([details], sources);
  const find = (value: string) => arns.find(value) ?? candidates.find((it) => isNameOf(it, value));
  const reference = resolveValues(fields, find, candidates);
  return { action, ...reference, isGuess: fields.length === 0 };
}
