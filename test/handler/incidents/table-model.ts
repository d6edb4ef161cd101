import type {
  TransactWriteItemsCommandInput,
  UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import type { Clients } from "../../../handler/aws-clients.ts";
import { awsError, cancelled, type Item } from "../support.ts";

/** A record of the table's stream. */
export interface StreamRecord {
  readonly oldImage: Item | undefined;
  readonly newImage: Item;
}

type Update = Pick<
  UpdateItemCommandInput,
  | "Key"
  | "ConditionExpression"
  | "UpdateExpression"
  | "ExpressionAttributeNames"
  | "ExpressionAttributeValues"
>;

/**
 * DynamoDB in memory, as far as the handler uses it, with the stream of its writes. Expressions that the
 * handler does not write are refused.
 */
export class TableModel {
  readonly items = new Map<string, Item>();
  readonly stream: StreamRecord[] = [];

  readonly clients: Pick<Clients, "transactWrite" | "updateItem" | "getItem"> = {
    transactWrite: async ({ TransactItems = [] }) => this.transact(TransactItems),
    updateItem: async (input) => {
      const old = this.items.get(keyOf(input.Key));
      if (!holds(input, old)) {
        throw Object.assign(awsError("ConditionalCheckFailedException", 400), { Item: old });
      }
      return { $metadata: {}, Attributes: this.update(input) };
    },
    getItem: async ({ Key }) => ({ $metadata: {}, Item: this.items.get(keyOf(Key)) ?? {} }),
  };

  private transact(parts: NonNullable<TransactWriteItemsCommandInput["TransactItems"]>): object {
    const failed = parts.map(({ Update, Put }) => {
      const input = { ...Update, ...Put };
      const old = this.items.get(keyOf(Update?.Key ?? Put?.Item));
      return holds(input, old) ? undefined : (old ?? {});
    });
    if (failed.some((it) => it !== undefined)) throw cancelled(...failed);
    for (const { Update, Put } of parts) {
      if (Update) this.update(Update);
      if (Put?.Item) this.write(Put.Item);
    }
    return {};
  }

  private update(input: Update): Item {
    const old = this.items.get(keyOf(input.Key)) ?? {};
    return this.write({ ...input.Key, ...updated(input, old) });
  }

  private write(newImage: Item): Item {
    const id = keyOf(newImage);
    this.stream.push({ oldImage: this.items.get(id), newImage });
    this.items.set(id, newImage);
    return newImage;
  }
}

function keyOf(item: Item | undefined): string {
  return item?.id?.S ?? "";
}

function nameIn(
  { ExpressionAttributeNames }: Pick<Update, "ExpressionAttributeNames">,
  name: string,
): string {
  return ExpressionAttributeNames?.[name] ?? name;
}

/** The item after `SET a = …, b = … REMOVE c, d`. */
function updated(input: Update, old: Item): Item {
  const [, sets = "", removes = ""] =
    /^SET (.*?)(?: REMOVE (.*))?$/.exec(input.UpdateExpression ?? "") ?? [];
  const item = { ...old };
  for (const assignment of sets.split(/, (?![^(]*\))/)) {
    const [name = "", term = ""] = assignment.split(" = ");
    item[nameIn(input, name)] = valueOfTerm(term, input, old);
  }
  for (const name of removes.split(", ")) delete item[nameIn(input, name)];
  return item;
}

/** The value of `:v`, `if_not_exists(a, :v)`, `if_not_exists(a, :v) + :w` or `list_append(if_not_exists(a, :v), :w)`. */
function valueOfTerm(term: string, input: Update, old: Item): Item[string] {
  const { ExpressionAttributeValues: values = {} } = input;
  const [, list, more = ""] = /^list_append\((.*), (:\w+)\)$/.exec(term) ?? [];
  if (list !== undefined) {
    return { L: [...(valueOfTerm(list, input, old).L ?? []), ...(values[more]?.L ?? [])] };
  }
  const [, name = "", preset = "", , added] =
    /^if_not_exists\((\w+), (:?\w+)\)( \+ (:\w+))?$/.exec(term) ?? [];
  const value = name === "" ? values[term] : (old[name] ?? values[preset]);
  if (value === undefined) throw new Error(`no value for ${JSON.stringify(term)}`);
  return added === undefined ? value : { N: String(Number(value.N) + Number(values[added]?.N)) };
}

/** Whether a condition holds: comparisons, also of a `size`, and `attribute_exists`, joined by AND, OR and parentheses. */
function holds(input: Omit<Update, "Key">, item: Item = {}): boolean {
  const { ConditionExpression, ExpressionAttributeValues: values = {} } = input;
  if (ConditionExpression === undefined) return true;
  const tokens =
    ConditionExpression.match(/(?:attribute_(?:not_)?exists|size)\(#?\w+\)|[()]|[^\s()]+/g) ?? [];
  const value = (name: string): Item[string] | undefined => {
    const [, list] = /^size\((\w+)\)$/.exec(name) ?? [];
    const found = item[nameIn(input, list ?? name)];
    return list === undefined || !found ? found : { N: String(found.L?.length) };
  };

  function disjunction(): boolean {
    let result = conjunction();
    while (tokens[0] === "OR") {
      tokens.shift();
      result = conjunction() || result;
    }
    return result;
  }

  function conjunction(): boolean {
    let result = term();
    while (tokens[0] === "AND") {
      tokens.shift();
      result = term() && result;
    }
    return result;
  }

  function term(): boolean {
    const token = tokens.shift() ?? "";
    if (token === "(") {
      const result = disjunction();
      tokens.shift();
      return result;
    }
    const [, not, existing] = /^attribute_(not_)?exists\((#?\w+)\)$/.exec(token) ?? [];
    if (existing !== undefined) return (value(existing) !== undefined) === (not === undefined);
    const [operator = "", right = ""] = tokens.splice(0, 2);
    return compare(value(token), operator, values[right]);
  }

  return disjunction();
}

/** A comparison with an attribute that does not exist is false. */
function compare(a: Item[string] | undefined, operator: string, b: Item[string] | undefined) {
  if (a === undefined || b === undefined) return false;
  if (operator === "=") return JSON.stringify(a) === JSON.stringify(b);
  if (operator === "<=") return Number(a.N) <= Number(b.N);
  if (operator === ">") return Number(a.N) > Number(b.N);
  if (operator === "<") return Number(a.N) < Number(b.N);
  throw new Error(`unknown operator ${JSON.stringify(operator)}`);
}
