import { isValues, type Value, type Values } from "./values.ts";

/** A program's tags in the form that AWS takes. */
export function tagList(tags: Value | undefined): { Key: string; Value: string }[] {
  return Object.entries(isValues(tags) ? tags : {}).map(([Key, value]) => ({
    Key,
    Value: String(value),
  }));
}

/** AWS's tags in the form that programs have. */
export function tagsOf(tags: readonly { Key?: string; Value?: string }[] = []): Values {
  return Object.fromEntries(tags.map(({ Key = "", Value: value = "" }) => [Key, value]));
}
