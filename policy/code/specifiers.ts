import { posix } from "node:path";

/** The package of the AWS SDK that a module's name is in, such as `@aws-sdk/client-ec2`. */
export function sdkPackageOf(specifier: string): string | undefined {
  return /^@aws-sdk\/[a-z0-9-]+(?=\/|$)/.exec(specifier)?.[0];
}

/** The client of a package such as `@aws-sdk/client-cloudwatch-logs`: `cloudwatch-logs`. */
export function clientOf(sdkPackage: string): string | undefined {
  return /^@aws-sdk\/client-(.+)$/.exec(sdkPackage)?.[1];
}

const endings = ["", ".js", ".mjs", ".cjs", "/index.js", "/index.mjs", "/index.cjs"];

/** The file of the package that a module's name means in another of its files. */
export function fileOf(
  specifier: string,
  from: string,
  files: ReadonlySet<string>,
): string | undefined {
  const isRelative = /^\.{1,2}(\/|$)/.test(specifier);
  if (!isRelative) return undefined;
  const path = posix.join(posix.dirname(from), specifier).replace(/\/$/, "");
  return endings.map((it) => path + it).find((it) => files.has(it));
}

/** The package that a file below `node_modules` belongs to; nothing for the program's own files. */
export function libraryOf(path: string): string | undefined {
  const folder = "/node_modules/";
  const at = `/${path}`.lastIndexOf(folder);
  if (at < 0) return undefined;
  const inside = `/${path}`.slice(at + folder.length);
  return /^((?:@[^/]+\/)?[^/]+)\//.exec(inside)?.[1];
}

/** True for a JavaScript file that is not one of the AWS SDK's own. */
export function isCode(path: string): boolean {
  return /\.[cm]?js$/.test(path) && !isOfSdk(path);
}

/** True for what is in a folder of the AWS SDK's own packages. */
export function isOfSdk(path: string): boolean {
  return /(^|\/)node_modules\/@(aws-sdk|smithy|aws-crypto)\//.test(path);
}

/** A specifier's package: `@middy/ssm` of `@middy/ssm/index.js`. */
export function packageOf(specifier: string): string {
  return /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
}
