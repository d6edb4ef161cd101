import { codeAssets } from "./data/resource-types.ts";
import { onEngineCall } from "./engine-calls.ts";
import { type Fields, isFields, ownValue } from "./field.ts";

/** The messages of the engine, as far as they are used here. */
interface AnalyzeRequest {
  getType(): string;
  getUrn(): string;
  getProperties():
    | { getFieldsMap(): { get(name: string): { toJavaScript(): unknown } | undefined } }
    | undefined;
}

/**
 * The hash of the code of each function, layer and object in S3 by URN, from when the engine sends its inputs. `@pulumi/policy`
 * leaves it out of the assets that rules see. Must be called before the policy server starts.
 */
export function collectCodeHashes(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  onEngineCall<AnalyzeRequest>("analyze", (request) => {
    const property = ownValue(codeAssets, request.getType());
    if (property === undefined) return;
    const hash = hashIn(request.getProperties()?.getFieldsMap().get(property)?.toJavaScript());
    if (hash !== undefined) found.set(request.getUrn(), hash);
  });
  return found;
}

/** The hash of the code in the properties of a function, a layer or an object in S3. */
export function codeHashIn(type: string, properties: Fields): string | undefined {
  const property = ownValue(codeAssets, type);
  return property === undefined ? undefined : hashIn(properties[property]);
}

/** The hash of an asset or an archive, which may be in a secret. */
function hashIn(code: unknown): string | undefined {
  if (!isFields(code)) return undefined;
  if (typeof code.hash === "string") return code.hash;
  return hashIn(code.value);
}
