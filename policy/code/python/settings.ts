import type { Evaluator } from "./evaluator.ts";
import { child, childrenOf, type PyNode } from "./syntax.ts";
import type { ClassValue, Value } from "./value.ts";

/**
 * The environment variable of a field of pydantic's settings: its alias, or the prefix and its name. Names are not
 * case-sensitive there; people write variables in capitals. Undefined for another class, and for what is no field.
 * https://docs.pydantic.dev/latest/concepts/pydantic_settings/
 */
export function settingOf(
  name: string,
  bases: readonly Value[],
  evaluator: Evaluator,
): Value | undefined {
  const isSettings = bases.some(
    (it) => it.kind === "library" && /^pydantic\w*\..*BaseSettings$/.test(it.name),
  );
  if (!isSettings) return undefined;
  for (const it of bases) {
    const field = it.kind === "class" ? fieldOf(it, name) : undefined;
    if (!field || it.kind !== "class") continue;
    const alias = aliasOf(field, it, evaluator);
    const variable = alias ?? `${prefixOf(it, evaluator)}${name}`.toUpperCase();
    return { kind: "environment-variable", name: variable };
  }
  return undefined;
}

/** `table_name: str` or `table_name: str = …` in the body of a class. */
function fieldOf({ node }: ClassValue, name: string): PyNode | undefined {
  return statementsOf(node).find(
    (it) => it.type === "assignment" && child(it, "left")?.text === name && child(it, "type"),
  );
}

function statementsOf(classNode: PyNode): PyNode[] {
  return (child(classNode, "body")?.children ?? []).flatMap((it) =>
    it.type === "expression_statement" ? it.children.slice(0, 1) : [it],
  );
}

/** `Field(alias="TABLE")`, `Field(validation_alias=…)` and, in version 1, `Field(env="TABLE")`. */
function aliasOf(field: PyNode, owner: ClassValue, evaluator: Evaluator): string | undefined {
  const value = child(field, "right");
  return value?.type === "call"
    ? keywordText(value, ["alias", "validation_alias", "env"], owner, evaluator)
    : undefined;
}

/** `model_config = SettingsConfigDict(env_prefix="APP_")`, or the same in a dictionary or in `class Config`. */
function prefixOf(owner: ClassValue, evaluator: Evaluator): string {
  for (const it of statementsOf(owner.node)) {
    const value =
      it.type === "assignment" && child(it, "left")?.text === "model_config" && child(it, "right");
    if (value) {
      const { scope } = owner;
      const node = value.type === "call" ? child(value, "arguments") : value;
      const [prefix] = node
        ? evaluator.follow(evaluator.evaluate({ node, scope }), [{ key: "env_prefix" }])
        : [];
      if (prefix?.kind === "string") return prefix.text;
    }
    const inner =
      it.type === "class_definition" && child(it, "name")?.text === "Config" ? it : undefined;
    const assigned = (inner ? statementsOf(inner) : []).find(
      (each) => child(each, "left")?.text === "env_prefix",
    );
    const right = assigned && child(assigned, "right");
    const [prefix] = right ? evaluator.evaluate({ node: right, scope: owner.scope }) : [];
    if (prefix?.kind === "string") return prefix.text;
  }
  return "";
}

function keywordText(
  call: PyNode,
  names: readonly string[],
  { scope }: ClassValue,
  evaluator: Evaluator,
): string | undefined {
  for (const it of child(call, "arguments")?.children ?? []) {
    const value = names.includes(child(it, "name")?.text ?? "") && child(it, "value");
    if (!value) continue;
    // `AliasChoices("TABLE", "TABLE_NAME")`: the first that is set.
    const [first] =
      value.type === "call"
        ? childrenOf(value, "arguments").flatMap((each) => each.children)
        : [value];
    const [text] = first ? evaluator.evaluate({ node: first, scope }) : [];
    if (text?.kind === "string") return text.text;
  }
  return undefined;
}
