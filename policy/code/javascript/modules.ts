import type { AnyNode } from "acorn";
import type { OwnerAt } from "./bundles.ts";
import type { Exports } from "./exports.ts";
import type { Scopes } from "./scopes.ts";
import { fileOf, libraryOf, packageOf, sdkPackageOf } from "./specifiers.ts";
import { unknown, unknownNamed, unrelated, type Value } from "./value.ts";

/** A parsed file of a package. */
export interface SourceModule {
  readonly path: string;
  readonly text: string;
  readonly program: AnyNode;
  readonly scopes: Scopes;
  readonly exports: Exports;
  readonly ownerAt: OwnerAt;
}

/** The parsed files of a package, and what module specifiers in them mean. */
export class Modules {
  private readonly byPath: ReadonlyMap<string, SourceModule>;
  private readonly paths: ReadonlySet<string>;
  private readonly libraries: ReadonlySet<string | undefined>;
  /** By file and specifier. Kept, since a specifier can be very long and used often. */
  private readonly resolved = new Map<string, Map<string, Value>>();

  constructor(modules: readonly SourceModule[]) {
    this.byPath = new Map(modules.map((it) => [it.path, it]));
    this.paths = new Set(this.byPath.keys());
    this.libraries = new Set(modules.map(({ path }) => libraryOf(path)));
  }

  at(path: string): SourceModule | undefined {
    return this.byPath.get(path);
  }

  /** The module that a specifier means in a file. */
  resolve(specifier: string, file: string): Value {
    const ofFile = this.resolved.get(file) ?? new Map<string, Value>();
    this.resolved.set(file, ofFile);
    const value = ofFile.get(specifier) ?? this.resolveSpecifier(specifier, file);
    ofFile.set(specifier, value);
    return value;
  }

  private resolveSpecifier(specifier: string, file: string): Value {
    const sdk = sdkPackageOf(specifier);
    if (sdk !== undefined) return { kind: "sdk-module", from: sdk };
    if (/^(node:)?process$/.test(specifier)) return unknownNamed("process");
    const path = fileOf(specifier, file, this.paths);
    if (path !== undefined) return { kind: "file", path };
    // In webpack's bundles, paths are the names of modules.
    const ofLibrary = libraryOf(specifier);
    if (ofLibrary !== undefined && sdkPackageOf(ofLibrary) === ofLibrary) {
      return { kind: "sdk-module", from: ofLibrary };
    }
    if (ofLibrary !== undefined) return unknown;
    // A library in the package that calls AWS may export what it imports from the SDK.
    return this.libraries.has(packageOf(specifier)) ? unknown : unrelated;
  }
}
