import { callingPackages } from "../data/libraries.ts";
import type { SourceModule } from "./modules.ts";
import { libraryOf, packageOf } from "./specifiers.ts";
import type { Uses } from "./uses.ts";

/** True for a file's text that mentions the AWS SDK, or another package that calls AWS. */
export function mentionsAws(text: string): boolean {
  return (
    /aws-sdk/.test(text) || bundlesSdk(text) || callingPackages.some((it) => text.includes(it))
  );
}

/**
 * True for a file's text that contains clients of the SDK, as bundles do. Minifiers keep two strings: the
 * name of the clients' signature scheme, and the method that creates their commands.
 */
export function bundlesSdk(text: string): boolean {
  return /["'`]aws\.auth#sigv4a?["'`]|\.classBuilder\(\)/.test(text);
}

/** Which calls of a file cannot be found, as ends of `its code …`. */
export function limitationsOf(
  { path, text }: Pick<SourceModule, "path" | "text">,
  { modules, unresolved }: Pick<Uses, "modules" | "unresolved">,
): string[] {
  const library = libraryOf(path);
  if (library !== undefined && namesClient(modules)) {
    return [`includes ${library} (${path}), which calls AWS itself`];
  }
  if (bundlesSdk(text)) {
    return [
      `bundles the AWS SDK (${path}), where only commands that are created from their class are found`,
    ];
  }
  return [...[...modules].flatMap(limitationOfModule), ...unresolved];
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
