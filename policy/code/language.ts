import type { CodeBudget } from "./budget.ts";
import type { Calls } from "./calls.ts";

/** A source file of a function's code. */
export interface SourceFile {
  /** Relative to the package, e.g. `index.js`; a layer's file as in Lambda, e.g. `/opt/python/shared.py`. */
  readonly path: string;
  /** A file in a zip file is unpacked when this is read. Throws an UnpackError if that fails. */
  readonly text: string;
  /** SHA-256 of the bytes that decide the text, as the pack has read them; undefined if `text` itself was given. */
  readonly digest?: string;
}

/** A function's code as far as it is read. */
export interface PackageCode {
  readonly language: Language;
  readonly files: readonly SourceFile[];
  /** The function's property, e.g. `index.handler`; undefined if it is not known. */
  readonly handler: string | undefined;
  /** The paths of files whose content is not read, e.g. of compiled modules. */
  readonly listed?: readonly string[];
  /** The environment variables of `Language.variables` that are set; an unknown value is empty. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Modules that are in public layers, e.g. `aws_lambda_powertools`. */
  readonly layerModules?: readonly string[];
}

/** A language of functions' code that the pack reads. */
export interface Language {
  /** As people write it, e.g. `JavaScript`. */
  readonly name: string;
  /** True for a file of a package that is read. */
  isCode(path: string): boolean;
  /** True for a file of which only the path matters. */
  isListed(path: string): boolean;
  /** Environment variables of a function that decide which code is run, or what a library calls, e.g. `DD_LAMBDA_HANDLER`. */
  readonly variables: readonly string[];
  /** True for a folder in which no file is read; its path ends with a slash. */
  isSkipped(folder: string): boolean;
  /** Finds the calls of AWS in a package's code. Throws a LimitError over a limit. */
  findCalls(code: PackageCode, budget: CodeBudget): Promise<Calls>;
}
