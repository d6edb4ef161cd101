import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { isValues, unknownValue, type Value, type Values } from "../../engine/values.ts";
import { recordedOutputs } from "./aws-recorded-outputs.ts";
import type { Outputs } from "./resource-type.ts";

const sdk = dirname(createRequire(import.meta.url).resolve("@pulumi/aws/package.json"));

/** What @pulumi/aws declares of a property. */
interface Shape {
  /** What the real provider's state has if neither the program nor AWS sets the property. */
  readonly empty: Value;
  /** False for a property that AWS fills in if the program does not set it. */
  readonly isOptional: boolean;
  /** For a block or a list of blocks: the members of a block. */
  readonly members: (() => Shapes) | undefined;
}

type Shapes = ReadonlyMap<string, Shape>;

/**
 * The output properties of a resource type of @pulumi/aws, for example `aws:sqs/queue:Queue`, as its SDK
 * declares them. The real provider returns all of them, with an empty value if a property is not
 * set: `""`, `0`, `false`, `[]`, `{}`, and `null` for a block.
 */
export function awsOutputs(type: string, region: string): Outputs {
  const shapes = shapesOf(type);
  const place: Values = shapes.has("region") ? { region } : {};
  return {
    complete(properties) {
      const all = complete(shapes, { ...place, ...properties });
      const recorded = Object.entries(recordedOutputs[type]?.(all) ?? {});
      const missing = recorded.filter(([name]) => (properties[name] ?? null) === null);
      return { ...all, ...Object.fromEntries(missing) };
    },
    planned: (properties) => planned(shapes, { ...place, ...properties }),
    asInputs: (olds, now) =>
      Object.fromEntries(
        Object.keys(olds).map((key) => [key, asInput(shapes.get(key), olds[key], now[key])]),
      ),
  };
}

/** Every property of an object; empty if it has no value. */
function complete(shapes: Shapes, values: Values): Values {
  return everyProperty(shapes, values, (shape) => shape.empty, complete);
}

/** The same in a preview: Terraform plans null for what is not set, and AWS decides the rest. */
function planned(shapes: Shapes, values: Values): Values {
  return everyProperty(
    shapes,
    values,
    (shape) => (shape.isOptional ? null : unknownValue),
    planned,
  );
}

function everyProperty(
  shapes: Shapes,
  values: Values,
  missing: (shape: Shape) => Value,
  below: (shapes: Shapes, values: Values) => Values,
): Values {
  const all: Values = { ...values };
  for (const [name, shape] of shapes) {
    const value = values[name] ?? null;
    all[name] = value === null ? missing(shape) : inBlocks(shape, value, below);
  }
  return all;
}

/** Applies a function to a block, or to each block of a list. Other values stay as they are. */
function inBlocks(
  { members }: Shape,
  value: Value,
  change: (shapes: Shapes, values: Values) => Values,
): Value {
  if (!members) return value;
  if (Array.isArray(value)) {
    return value.map((it) => (isValues(it) ? change(members(), it) : it));
  }
  return isValues(value) ? change(members(), value) : value;
}

/**
 * What an input is now: of a block, only the members that the program sets. The real provider, too,
 * leaves what AWS fills in out of the inputs, else each refresh would find a change.
 */
function asInput(shape: Shape | undefined, old: Value | undefined, now: Value | undefined): Value {
  if (!shape?.members) return now ?? null;
  if (Array.isArray(now)) {
    return now.map((it, index) => asInput(shape, Array.isArray(old) ? old[index] : undefined, it));
  }
  if (!isValues(now) || !isValues(old)) return now ?? null;
  const members = shape.members();
  return Object.fromEntries(
    Object.keys(old).map((key) => [key, asInput(members.get(key), old[key], now[key])]),
  );
}

const shapesByType = new Map<string, Shapes>();

function shapesOf(type: string): Shapes {
  const known = shapesByType.get(type);
  if (known) return known;
  const declared = declarationsOf(type).matchAll(/^ {4}readonly (\w+): pulumi\.Output<(.*?)>;$/gms);
  const shapes = new Map<string, Shape>();
  for (const [, name = "", declaration = ""] of declared) {
    const [, bare = "", isOptional] = /^(.*?)( \| undefined)?$/s.exec(declaration) ?? [];
    shapes.set(name, shapeOf(bare, isOptional !== undefined));
  }
  shapesByType.set(type, shapes);
  return shapes;
}

/** The text of the SDK's declarations of a type; empty if the SDK does not have the type. */
export function declarationsOf(type: string): string {
  const [, path = "", name = ""] = type.split(":");
  const module = join(sdk, path.split("/")[0] ?? "");
  // The file has the name of the class in another case; index_.d.ts is that of a class Index.
  const names = [`${name}.d.ts`, `${name}_.d.ts`].map((it) => it.toLowerCase());
  const files = existsSync(module) ? readdirSync(module) : [];
  const texts = files
    .filter((it) => names.includes(it.toLowerCase()))
    .map((it) => readFileSync(join(module, it), "utf8"));
  const isDeclared = `export declare class ${name} extends pulumi.CustomResource`;
  return texts.find((it) => it.includes(isDeclared)) ?? "";
}

/** A declared type, for example `string[]` or `outputs.lambda.FunctionVpcConfig`, as a shape. */
function shapeOf(declaration: string, isOptional: boolean): Shape {
  const [, module, block, isList] = /^outputs\.(\w+)\.(\w+)(\[\])?$/.exec(declaration) ?? [];
  const members = module && block ? () => membersOf(module, block) : undefined;
  if (isList || declaration.endsWith("[]")) return { empty: [], isOptional, members };
  if (members) return { empty: null, isOptional, members };
  return { empty: emptyOf(declaration), isOptional, members };
}

function emptyOf(declaration: string): Value {
  if (declaration.startsWith("{")) return {};
  switch (declaration) {
    case "string":
      return "";
    case "number":
      return 0;
    case "boolean":
      return false;
    default:
      return null;
  }
}

let blocks: string | undefined;
const membersByBlock = new Map<string, Shapes>();

/** The members of a block, from the SDK's one file of them. */
function membersOf(module: string, block: string): Shapes {
  const key = `${module}.${block}`;
  const known = membersByBlock.get(key);
  if (known) return known;
  blocks ??= readFileSync(join(sdk, "types", "output.d.ts"), "utf8");
  const start = blocks.indexOf(
    `    interface ${block} {\n`,
    blocks.indexOf(`namespace ${module} {`),
  );
  const text = blocks.slice(start, blocks.indexOf("\n    }\n", start));
  const shapes = new Map<string, Shape>();
  for (const [, name = "", mark, declaration = ""] of text.matchAll(
    /^ {8}(\w+)(\?)?: (\{.*?\n {8}\}|[^;{]+);$/gms,
  )) {
    shapes.set(name, shapeOf(declaration, mark !== undefined));
  }
  if (start < 0 || shapes.size === 0) throw new Error(`@pulumi/aws declares no outputs.${key}`);
  membersByBlock.set(key, shapes);
  return shapes;
}
