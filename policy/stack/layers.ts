import type { PolicyResource } from "@pulumi/policy";
import { publicLayers } from "../data/public-layers.ts";
import { types } from "../data/resource-types.ts";
import { isSet, nonEmptyStringOf, read, readList } from "../field.ts";
import { sourcesOf } from "./links.ts";

/** The layers of a function. */
export interface FoundLayers {
  /** Those of the stack, in the function's order as far as it is known. */
  readonly found: readonly PolicyResource[];
  /** Modules of public layers that call nothing on their own. */
  readonly modules: readonly string[];
  /** Why other layers are not read, as sentences about the function without a full stop. */
  readonly unread: readonly string[];
}

export interface LayerFinder {
  of(lambda: PolicyResource): FoundLayers;
}

/** Finds layers by their ARN with the version, or in a first preview by what the property comes from. */
export function layersIn(resources: readonly PolicyResource[]): LayerFinder {
  const byArn = new Map<string, PolicyResource>();
  for (const it of resources.filter(({ type }) => type === types.layerVersion)) {
    const arn = nonEmptyStringOf(read(() => it.props.arn));
    if (arn !== undefined) byArn.set(arn, it);
  }
  return {
    of(lambda) {
      const found = new Set<PolicyResource>();
      const modules = new Set<string>();
      const unread = new Set<string>();
      let unknown = 0;
      for (const layer of readList(() => lambda.props.layers).filter(isSet)) {
        const arn = nonEmptyStringOf(layer);
        const ofStack = arn === undefined ? undefined : byArn.get(arn);
        const ofPublic =
          arn === undefined ? undefined : publicLayers.find((it) => it.arn.test(arn));
        if (!layer.isKnown) unknown += 1;
        else if (ofStack) found.add(ofStack);
        else if (ofPublic) for (const it of ofPublic.modules) modules.add(it);
        else {
          unread.add(`it has a layer that is not in the stack (${arn}), whose calls are not read`);
        }
      }
      if (unknown > 0) {
        const others = sourcesOf(lambda, "layers").filter((it) => !found.has(it));
        const isEach = read(() => lambda.props.layers as unknown).isKnown;
        if (isEach && others.length === unknown && others.every(isLayer)) {
          for (const it of others) found.add(it);
        } else unread.add("it has a layer that is not known before deployment");
      }
      return { found: [...found], modules: [...modules], unread: [...unread] };
    },
  };
}

function isLayer({ type }: PolicyResource): boolean {
  return type === types.layerVersion;
}
