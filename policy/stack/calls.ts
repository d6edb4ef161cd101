import type { PolicyResource } from "@pulumi/policy";
import type { Reading } from "../code/assets.ts";
import { type Call, callsOf } from "../code/calls.ts";
import { readPackage } from "../code/package.ts";
import { type Field, isFields, ownValue, read, textOf } from "../field.ts";
import { actionsOf } from "../iam/actions.ts";
import type { StackArns } from "./arns.ts";
import { candidatesFor } from "./granted.ts";
import { isNameOf } from "./naming.ts";
import type { Need, Way } from "./need.ts";

/** What a function's code needs, and what of it cannot be seen. */
export interface CodeNeeds {
  readonly needs: readonly Need[];
  /** Ends of sentences about the function. */
  readonly unseen: readonly string[];
}

/** Reads the code of a function, and follows what it calls to resources by its environment. */
export async function codeNeeds(
  lambda: PolicyResource,
  { arns, reading }: { arns: StackArns; reading: Reading },
): Promise<CodeNeeds> {
  const code = await readPackage(lambda.props, reading);
  if (code.kind === "unseen") return { needs: [], unseen: [code.why] };
  const { calls, unseen } = await callsOf(code.files, reading.budget);
  const environment = environmentOf(lambda);
  const needs: Need[] = [];
  for (const call of calls) {
    const why = `the code of ${lambda.name} calls ${call.name} (${call.where})`;
    const wayOf = (action: string) => wayFor(action, call, environment, arns);
    const about = { of: lambda, why };
    for (const actions of call.needs) {
      needs.push({ ...about, isRequired: true, ways: await Promise.all(actions.map(wayOf)) });
    }
    // What is used of keys, keys.ts knows better.
    for (const action of call.mayUse.filter((it) => !it.startsWith("kms:"))) {
      needs.push({ ...about, isRequired: false, ways: [{ action, resources: [], texts: [] }] });
    }
  }
  return { needs, unseen: firstOf([...code.unseen, ...unseen]) };
}

/** A finding for each is enough for a person to check, and code can have a million. */
const mostSentences = 50;

function firstOf(sentences: readonly string[]): string[] {
  const more = sentences.length - mostSentences;
  if (more <= 0) return [...sentences];
  return [...sentences.slice(0, mostSentences), `${more} more parts of its code are not read`];
}

interface Environment {
  readonly values: Readonly<Record<string, Field<unknown>>>;
  /** The resources from which the values come. The engine does not say which is from which. */
  readonly sources: readonly PolicyResource[];
}

function environmentOf({ props, propertyDependencies }: PolicyResource): Environment {
  const environment = read(() => props.environment?.variables);
  const variables = environment.isKnown && isFields(environment.value) ? environment.value : {};
  const names = Object.keys(variables);
  return {
    values: Object.fromEntries(names.map((it) => [it, read(() => variables[it])])),
    sources: propertyDependencies.environment ?? [],
  };
}

/**
 * What an action is called on: what the variables in the call's input say, once they are known;
 * until then, and where the input names none, the resources of the environment that it takes.
 */
async function wayFor(
  action: string,
  { variables, arns: literal }: Call,
  { values, sources }: Environment,
  arns: StackArns,
): Promise<Way> {
  const [details] = await actionsOf(action);
  if (!details || details.resourceTypes.length === 0) return { action, resources: [], texts: [] };
  const fields = variables.flatMap((it) => ownValue(values, it) ?? []);
  const texts = [...literal, ...fields.flatMap((it) => textOf(it) ?? [])];
  const candidates = await candidatesFor([details], sources);
  const found = texts.map(
    (text) => arns.find(text) ?? candidates.find((it) => isNameOf(it, text)) ?? text,
  );
  const named = found.filter((it) => typeof it !== "string");
  const isOpen = fields.some((it) => !it.isKnown) || texts.length === 0;
  return {
    action,
    resources: [...new Set([...named, ...(isOpen ? candidates : [])])],
    texts: found.filter((it) => typeof it === "string"),
    isGuess: texts.length + fields.length === 0,
  };
}
