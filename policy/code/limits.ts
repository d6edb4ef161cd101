import { callers } from "./libraries.ts";
import type { SourceFile } from "./package.ts";
import { libraryOf, packageOf } from "./specifiers.ts";
import type { SourceModule } from "./values.ts";

/** True for a text that names the AWS SDK, or another package that calls AWS. */
export function namesAws(text: string): boolean {
  return /aws-sdk/.test(text) || holdsSdk(text) || callers.some((it) => text.includes(it));
}

/**
 * True for a text that has clients of the SDK in itself, as bundles have: the scheme by which they
 * sign, and the member by which their commands are made, keep their names when code is minified.
 */
export function holdsSdk(text: string): boolean {
  return /["'`]aws\.auth#sigv4a?["'`]|\.classBuilder\(\)/.test(text);
}

/** What is said of a file by its text, as the end of `its code …`. */
export function sentenceAbout({ path, text }: SourceFile): string | undefined {
  if (!holdsSdk(text)) return undefined;
  return `has the AWS SDK inside (${path}), where only commands that are made by their class are found`;
}

/** What is said of the modules that a file names, as ends of `its code …`. */
export function sentencesOn(modules: ReadonlyMap<string, string>): string[] {
  return [...modules].flatMap(([specifier, where]) => {
    const name = packageOf(specifier);
    if (name === "aws-sdk") {
      return `uses the AWS SDK for JavaScript v2 (${where}), of which no calls are read`;
    }
    return callers.includes(name) ? `uses ${name} (${where}), which calls AWS by itself` : [];
  });
}

/** The library of a file that is not the program's own and names the SDK. */
export function callingLibrary(
  { path }: Pick<SourceModule, "path">,
  modules: ReadonlyMap<string, string>,
): string | undefined {
  const isCalling = [...modules.keys()].some((it) => /^@aws-sdk\/(client|lib)-/.test(it));
  return isCalling ? libraryOf(path) : undefined;
}

/** What is said of such a library. */
export function sentenceOn(library: string, { path }: Pick<SourceModule, "path">): string {
  return `brings ${library} (${path}), which calls AWS by itself`;
}
