import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { declarationsOf } from "../../../sandbox/aws/provider/aws-outputs.ts";

const sdk = dirname(createRequire(import.meta.url).resolve("@pulumi/aws/package.json"));

/** What @pulumi/aws declares of an input. */
export interface InputShape {
  /** True for a string that may be given as an object, which the provider turns into JSON. */
  readonly isDocument: boolean;
  /** True for a plain string. */
  readonly isString: boolean;
  /** For a block or a list of blocks: the members of a block. */
  readonly members: (() => InputShapes) | undefined;
}

export type InputShapes = ReadonlyMap<string, InputShape>;

/** What @pulumi/aws declares of a resource type. */
export interface Declaration {
  readonly inputs: InputShapes;
  /** Names of the outputs. */
  readonly outputs: ReadonlySet<string>;
}

const declarations = new Map<string, Declaration>();

/**
 * The declaration of a resource type in the installed @pulumi/aws, for example `aws:sqs/queue:Queue`.
 * Throws if it has no such type.
 */
export function declarationOf(type: string): Declaration {
  const known = declarations.get(type);
  if (known) return known;
  const text = declarationsOf(type);
  if (text === "") throw new Error(`@pulumi/aws has no resource type ${type}`);
  const [, , name] = type.split(":");
  const body = new RegExp(`^export interface ${name}Args \\{\\n(.*?)^\\}`, "ms").exec(text)?.[1];
  const outputs = [...text.matchAll(/^ {4}readonly (\w+): pulumi\.Output</gm)];
  const declaration = {
    inputs: shapesIn(body ?? "", 4),
    outputs: new Set(outputs.map(([, output = ""]) => output)),
  };
  declarations.set(type, declaration);
  return declaration;
}

/** The members of an interface by the text of its body, in which they are indented by `indent`. */
function shapesIn(body: string, indent: number): InputShapes {
  const margin = `^ {${indent}}`;
  const member = new RegExp(`${margin}(\\w+)\\??: (.*?[^{\\n]);$(?!\\n${margin} +[\\[}])`, "gms");
  return new Map(
    [...body.replaceAll(/\/\*\*.*?\*\//gs, "").matchAll(member)].map(
      ([, name = "", declared = ""]) => [name, shapeOf(declared)],
    ),
  );
}

/** A declared type, for example `pulumi.Input<string | inputs.iam.PolicyDocument>`, as a shape. */
function shapeOf(declared: string): InputShape {
  const bare = declared.replaceAll(/pulumi\.Input<|>| \| undefined/g, "").trim();
  const [, module, block] = /^inputs\.(\w+)\.(\w+)(?:\[\])?$/.exec(bare) ?? [];
  return {
    isDocument: /^string \| inputs\.\w+\.\w*PolicyDocument$/.test(bare),
    isString: bare === "string",
    members: module && block ? () => membersOf(module, block) : undefined,
  };
}

let blocks: string | undefined;
const membersByBlock = new Map<string, InputShapes>();

/** The members of a block, from the SDK's one file of them. */
function membersOf(module: string, block: string): InputShapes {
  const key = `${module}.${block}`;
  const known = membersByBlock.get(key);
  if (known) return known;
  blocks ??= readFileSync(join(sdk, "types", "input.d.ts"), "utf8");
  const start = blocks.indexOf(
    `    interface ${block} {\n`,
    blocks.indexOf(`namespace ${module} {`),
  );
  if (start < 0) throw new Error(`@pulumi/aws declares no inputs.${key}`);
  const shapes = shapesIn(blocks.slice(start, blocks.indexOf("\n    }\n", start) + 1), 8);
  membersByBlock.set(key, shapes);
  return shapes;
}
