import { sdkModules } from "../../data/python-libraries.ts";

/** Packages with only types of the SDK: `mypy_boto3_s3`, `types_aiobotocore_s3`, `boto3-stubs`. https://pypi.org/project/boto3-stubs/ */
const stubs =
  /^(boto3_type_annotations|mypy_boto3|types_(aio)?(boto3|botocore|s3transfer)|(aio)?(boto3|botocore|s3transfer)-stubs)/;

/** True for a module of the SDK, e.g. `boto3.session`. */
export function isSdkModule(module: string): boolean {
  const [first = ""] = module.split(".");
  return sdkModules.includes(first) || stubs.test(first);
}

/** True for a path in one of the SDK's packages, or in what `pip` writes about them. */
export function isOfSdk(path: string): boolean {
  const folders = path.split("/").slice(0, -1);
  return folders.some((it) => isSdkModule(it.replace(/-[^-]*\.dist-info$/, "")));
}
