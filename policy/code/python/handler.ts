import { wrappingHandlers } from "../../data/python-names.ts";
import { ownValue } from "../../field.ts";
import type { PackageCode } from "../language.ts";

/** The script that starts the runtime. https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html */
export const startScript = "AWS_LAMBDA_EXEC_WRAPPER";

export const handlerVariables: readonly string[] = [
  ...Object.values(wrappingHandlers),
  startScript,
];

/** A handler: the function `name` of a module. */
export interface Handler {
  /** `src.app` */
  readonly module: string;
  readonly name: string;
}

export interface Handlers {
  /** The program's; undefined if it is not known, or is no function, e.g. the script of the Lambda Web Adapter. */
  readonly own: Handler | undefined;
  /** The library's that Lambda calls instead, and that calls the program's. */
  readonly wrapper: Handler | undefined;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html */
export function handlersOf({ handler, variables = {} }: PackageCode): Handlers {
  const called = parse(handler);
  const variable = called && ownValue(wrappingHandlers, `${called.module}.${called.name}`);
  return variable === undefined
    ? { own: called, wrapper: undefined }
    : { own: parse(ownValue(variables, variable)), wrapper: called };
}

/** Lambda accepts slashes in place of dots. */
function parse(handler: string | undefined): Handler | undefined {
  const [, path, name] = /^(?:\.?\/)?([\w./-]+)\.(\w+)$/.exec(handler ?? "") ?? [];
  if (path === undefined || name === undefined || name === "sh") return undefined;
  return { module: path.replaceAll("/", "."), name };
}
