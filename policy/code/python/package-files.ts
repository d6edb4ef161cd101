import { librariesWithTests } from "../../data/python-names.ts";
import { isOfSdk } from "./sdk.ts";

/** True for a source file, and for the list of a library's files that `pip` writes. */
export function isCode(path: string): boolean {
  return /\.py$|\.dist-info\/RECORD$/.test(path) && !isSkipped(path);
}

const testsOfLibrary = new RegExp(`(^|/)(${librariesWithTests.join("|")})/(.+/)?tests/`);

/** A layer's program that Lambda starts with the function's role. https://docs.aws.amazon.com/lambda/latest/dg/lambda-extensions.html */
const extension = /^\/opt\/extensions\/[^/]+$/;

export function isExtension(path: string): boolean {
  return extension.test(path);
}

/**
 * True for a module without source that Python can import, for an extension of a layer, and for the mark of a library that was installed from
 * a folder or a repository. A `.pyc` in `__pycache__` is not imported without its source.
 * https://peps.python.org/pep-3147/, https://packaging.python.org/en/latest/specifications/direct-url/
 */
export function isListed(path: string): boolean {
  const isNamed =
    /\.(so|pyd|pyc)$|\.dist-info\/direct_url\.json$|^(\/opt\/)?extensions\/[^/]+$/.test(path);
  return isNamed && !isSkipped(path);
}

/** True for a path in a folder that is not read. */
export function isSkipped(path: string): boolean {
  return /(^|\/)__pycache__\//.test(path) || testsOfLibrary.test(path) || isOfSdk(path);
}
