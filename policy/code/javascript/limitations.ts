import { callingPackages } from "../../data/libraries.ts";
import { bundlesSdk } from "./bundles.ts";
import type { SourceModule } from "./modules.ts";
import { signsRequests } from "./signers.ts";
import { libraryOf, packageOf } from "./specifiers.ts";
import type { Uses } from "./uses.ts";

/** True for a file's text that mentions the AWS SDK, or another package that calls AWS. */
export function mentionsAws(text: string): boolean {
  return (
    /aws-sdk/.test(text) ||
    bundlesSdk(text) ||
    signsRequests(text) ||
    callingPackages.some((it) => text.includes(it))
  );
}

/** True for a file's text that may run code that is not in it as such: `require(name)` or `eval(text)`. */
export function loadsByName(text: string): boolean {
  return /\b(require|import)\s*\(\s*(?!(["'`])[^"'`$]*\2\s*\))|\beval\s*\(|\bnew\s+Function\b/.test(
    text,
  );
}

/** Which calls of a file cannot be found, as ends of `its code …`. */
export function limitationsOf(
  { path, text }: Pick<SourceModule, "path" | "text">,
  { modules, unresolved }: Pick<Uses, "modules" | "unresolved">,
): string[] {
  const library = libraryOf(path);
  if (library !== undefined && (namesClient(modules) || signsRequests(text))) {
    return [`includes ${library} (${path}), which calls AWS itself`];
  }
  const signer = signsRequests(text)
    ? [`signs requests itself (${path}), so any call is possible`]
    : [];
  return [...signer, ...[...modules].flatMap(limitationOfModule), ...unresolved];
}

/** Why a call in a file may have been missed, as the end of `its code …`. */
export function caveatOf({ path, text }: Pick<SourceModule, "path" | "text">): string[] {
  return libraryOf(path) === undefined && bundlesSdk(text)
    ? [
        `bundles the AWS SDK (${path}), where only commands that are created from their class are found`,
      ]
    : [];
}

function namesClient(modules: ReadonlyMap<string, string>): boolean {
  return [...modules.keys()].some((it) => /^@aws-sdk\/(client|lib)-/.test(it));
}

function limitationOfModule([specifier, where]: [string, string]): string[] {
  const name = packageOf(specifier);
  if (name === "aws-sdk") {
    return [`uses the AWS SDK for JavaScript v2 (${where}), whose calls are not read`];
  }
  return callingPackages.includes(name) ? [`uses ${name} (${where}), which calls AWS itself`] : [];
}
