import {
  type Fields,
  has,
  isFields,
  isSet,
  lazyFields,
  memberOf,
  nonEmptyStringOf,
  read,
  stringOf,
} from "../field.ts";
import { type Contents, membersOf, type Reading, readAsset, readZip } from "./assets.ts";
import type { Language, PackageCode, SourceFile } from "./language.ts";
import { languageOf } from "./languages.ts";

interface Unreadable {
  readonly kind: "unreadable";
  /** A sentence about the function without a full stop. */
  readonly why: string;
}

/** A function's code before it is read. */
export type Code =
  | { readonly kind: "asset"; readonly asset: Fields }
  | { readonly kind: "zip"; readonly bytes: Buffer }
  | Unreadable;

/** A function's code. */
export type Package =
  | {
      readonly kind: "read";
      readonly code: PackageCode;
      /** Why parts of the code are not read, as sentences about the function without a full stop. */
      readonly unread: readonly string[];
    }
  | Unreadable;

/** A function's layer before it is read. */
export interface Layer {
  /** As in sentences: `aws:lambda/layerVersion:LayerVersion shared`. */
  readonly name: string;
  readonly code: Code;
  /** Where its code is, and how much of it may be read. */
  readonly reading: Reading;
}

/** The layers of a function, in their order. */
export interface Layers {
  readonly layers: readonly Layer[];
  /** Modules of public layers, whose files are not in the stack. */
  readonly modules: readonly string[];
  /** Why layers are not read, as sentences about the function without a full stop. */
  readonly unread: readonly string[];
}

const noLayers: Layers = { layers: [], modules: [], unread: [] };

// biome-ignore lint/suspicious/noExplicitAny: as @pulumi/policy types properties
type Props = Record<string, any>;

/**
 * Reads the code of an `aws:lambda/function:Function` and of its layers: the files of its language except those of the AWS
 * SDK. Errors and reasons never quote a file's content.
 */
export async function readPackage(
  props: Props,
  code: Code,
  reading: Reading,
  { layers, modules, unread: unreadLayers }: Layers = noLayers,
): Promise<Package> {
  if (code.kind === "unreadable") return code;
  const language = languageOf(textOf(props, "runtime"));
  if (!language) return unreadable("its language is not read");
  reading.budget.startFunction();
  const own = await readCode(code, "", language, reading);
  const [first] = own.unread;
  const unread = [...own.unread, ...unreadLayers];
  const ofLayers = new Map<string, SourceFile>();
  const listed = new Set(own.listed);
  for (const layer of layers) {
    if (layer.code.kind === "unreadable") {
      unread.push(`it has the layer ${layer.name}, which is not read: ${layer.code.why}`);
      continue;
    }
    const contents = await readCode(layer.code, layerFolder, language, layer.reading);
    unread.push(
      ...contents.unread.map(
        (it) => `it has the layer ${layer.name}, which is not fully read: ${it}`,
      ),
    );
    // Lambda unpacks each over those before it.
    for (const it of contents.files) ofLayers.set(it.path, it);
    for (const it of contents.listed) listed.add(it);
  }
  const files = [...own.files, ...ofLayers.values()];
  if (files.length === 0) return unreadable(first ?? `its code has no ${language.name} file`);
  return {
    kind: "read",
    code: {
      language,
      files,
      handler: textOf(props, "handler"),
      listed: [...listed],
      variables: variablesOf(props, language),
      layerModules: modules,
    },
    unread,
  };
}

/** Where Lambda unpacks layers. https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html */
const layerFolder = "/opt";

function readCode(
  code: Exclude<Code, Unreadable>,
  path: string,
  language: Language,
  reading: Reading,
): Promise<Contents> {
  return code.kind === "zip"
    ? readZip(code.bytes, { given: "contentBase64", path }, language, reading)
    : readAsset(code.asset, path, language, reading);
}

/** The variables that the language asks for and that are set; an unknown value is empty. */
function variablesOf(props: Props, language: Language): Record<string, string> {
  const variables = read(() => props.environment?.variables as unknown);
  return Object.fromEntries(
    language.variables.flatMap((name) => {
      const value = memberOf(variables, name);
      return variables.isKnown && isSet(value) ? [[name, stringOf(value) ?? ""]] : [];
    }),
  );
}

/** Why a function's code is not read, wherever it is. */
export function reasonUnreadable(props: Props): string | undefined {
  if (textOf(props, "packageType") === "Image" || has(props, "imageUri")) {
    return "its code is a container image";
  }
  const runtime = textOf(props, "runtime");
  return languageOf(runtime)
    ? undefined
    : `its runtime is ${runtime}, and only JavaScript and Python are read`;
}

function textOf(props: Props, name: string): string | undefined {
  return nonEmptyStringOf(read(() => props[name]));
}

/** The code that a function has in its own properties. */
export function codeOf(props: Props): Code {
  const why = reasonUnreadable(props);
  if (why !== undefined) return unreadable(why);
  const code = read(() => props.code as unknown);
  if (!code.isKnown) return unreadable("its code is not known before deployment");
  if (!isFields(code.value)) return unreadable("it has no code that can be read");
  return { kind: "asset", asset: code.value };
}

/**
 * The code that an object in S3 has in its properties, if it is a zip file: Lambda accepts nothing else.
 * https://docs.aws.amazon.com/lambda/latest/api/API_FunctionCode.html
 */
export async function codeOfObject(props: Props): Promise<Code> {
  const [source, base64] = [read(() => props.source as unknown), read(() => props.contentBase64)];
  if (!source.isKnown || !base64.isKnown) {
    return unreadable("its code is not known before deployment");
  }
  const asset = source.value;
  if (isFields(asset)) {
    return (await isString(asset)) ? noZip : { kind: "asset", asset: asArchive(asset) };
  }
  if (typeof base64.value === "string" && isSet(base64)) {
    return { kind: "zip", bytes: Buffer.from(base64.value, "base64") };
  }
  return has(props, "content")
    ? noZip
    : unreadable("its object in S3 has no code that can be read");
}

const noZip = unreadable("its object in S3 is a string, and Lambda accepts only a zip file");

async function isString(asset: Fields): Promise<boolean> {
  return typeof (await membersOf(asset)).text === "string";
}

/** Lambda unpacks the file of an asset as it does that of an archive. */
function asArchive(asset: Fields): Fields {
  const members = Object.keys(asset).filter((it) => it !== "__pulumiArchive");
  return lazyFields([
    ["__pulumiArchive", () => true],
    ...members.map((it) => [it, () => asset[it]] as const),
  ]);
}

export function unreadable(why: string): Unreadable {
  return { kind: "unreadable", why };
}
