import { posix } from "node:path";
import { lowerCase } from "../../iam/case.ts";

/** The package of the AWS SDK that a specifier names, e.g. `@aws-sdk/client-ec2`. */
export function sdkPackageOf(specifier: string): string | undefined {
  return /^@aws-sdk\/[a-z0-9-]+(?=\/|$)/.exec(specifier)?.[0];
}

/** The client of a package: `cloudwatch-logs` of `@aws-sdk/client-cloudwatch-logs`. */
export function clientOf(sdkPackage: string): string | undefined {
  return /^@aws-sdk\/client-(.+)$/.exec(sdkPackage)?.[1];
}

/** True for the class with a method for each operation, e.g. `S3` of `@aws-sdk/client-s3`. */
export function isAggregatedClient(sdkPackage: string, name: string): boolean {
  if (sdkPackage === "@aws-sdk/lib-dynamodb") return name === "DynamoDBDocument";
  return clientOf(sdkPackage)?.replaceAll("-", "") === lowerCase(name);
}

const endings = ["", ".js", ".mjs", ".cjs", "/index.js", "/index.mjs", "/index.cjs"];

/** The file that a relative specifier means in the file `from`, or the path of a file of a layer. */
export function fileOf(
  specifier: string,
  from: string,
  files: ReadonlySet<string>,
): string | undefined {
  const isOfLayer = specifier.startsWith("/opt/");
  if (!isOfLayer && !/^\.{1,2}(\/|$)/.test(specifier)) return undefined;
  const folder = isOfLayer ? "" : posix.dirname(from);
  const path = posix.join(folder, specifier).replace(/\/$/, "");
  return endings.map((it) => path + it).find((it) => files.has(it));
}

/** The package of a file below `node_modules`; undefined for the program's files. */
export function libraryOf(path: string): string | undefined {
  const folder = "/node_modules/";
  const at = `/${path}`.lastIndexOf(folder);
  if (at < 0) return undefined;
  const inside = `/${path}`.slice(at + folder.length);
  return /^((?:@[^/]+\/)?[^/]+)\//.exec(inside)?.[1];
}

/** True for a JavaScript file outside the AWS SDK's packages. */
export function isCode(path: string): boolean {
  return /\.[cm]?js$/.test(path) && !isOfSdk(path);
}

/** True for a path in one of the AWS SDK's packages. */
export function isOfSdk(path: string): boolean {
  return /(^|\/)node_modules\/@(aws-sdk|smithy|aws-crypto)\//.test(path);
}

/** The package of a specifier: `@middy/ssm` of `@middy/ssm/index.js`. */
export function packageOf(specifier: string): string {
  return /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
}
