import {
  isSame,
  isUnknown,
  isValues,
  unknownValue,
  type Value,
  type Values,
} from "../../engine/values.ts";
import type { ResourceType } from "./resource-type.ts";

/** How AWS keeps the tags of one type; the resource is given by its id and its outputs. */
export interface Tagger {
  list(id: string, state: Values): Promise<Values>;
  tag(id: string, state: Values, tags: Readonly<Record<string, string>>): Promise<unknown>;
  untag(id: string, state: Values, keys: string[]): Promise<unknown>;
}

/** Types that the real provider tags and this one does not: no test deploys them with default tags. */
const notTaggedHere: readonly string[] = [
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
  "aws:iam/policy:Policy",
  "aws:kms/key:Key",
  "aws:s3/bucket:Bucket",
];

/**
 * The types with the default tags merged into their own as `tagsAll`, as the real provider does:
 * before inputs are compared, so that a change of default tags is a change of each resource. Ignored
 * tags are as if they were not there. `create` has to send `tagsAll`.
 * https://github.com/pulumi/pulumi-aws/blob/1128bcae484dfe2b05ecf5f4d3c51649b462e054/provider/tags.go
 * https://github.com/hashicorp/terraform-provider-aws/blob/2c53338d0ee302f0b27030251ca3abdcb2ef75d1/internal/provider/sdkv2/tags_interceptor.go
 */
export function withDefaultTags(
  types: Readonly<Record<string, ResourceType>>,
  settings: () => TagSettings,
): Record<string, ResourceType> {
  return Object.fromEntries(
    Object.entries(types).map(([token, type]) => {
      if (notTaggedHere.includes(token)) return [token, refusing(token, type, settings)];
      return [token, type.tagger ? tagged(type, type.tagger, settings) : type];
    }),
  );
}

/** The provider's settings for tags. */
export interface TagSettings {
  readonly defaults: Values;
  /** True for tags that something else manages. */
  isIgnored(key: string): boolean;
}

/** The settings `defaultTags` and `ignoreTags`, which are JSON. */
export function tagSettings(settings: ReadonlyMap<string, string>): TagSettings {
  const { tags = {} } = JSON.parse(settings.get("defaultTags") ?? "{}");
  const { keys = [], keyPrefixes = [] } = JSON.parse(settings.get("ignoreTags") ?? "{}");
  return {
    defaults: tags,
    isIgnored: (key) =>
      keys.includes(key) || keyPrefixes.some((prefix: string) => key.startsWith(prefix)),
  };
}

function tagged(type: ResourceType, tagger: Tagger, settings: () => TagSettings): ResourceType {
  const withoutIgnored = (tags: Values): Values =>
    Object.fromEntries(Object.entries(tags).filter(([key]) => !settings().isIgnored(key)));
  const all = (tags: Value | undefined) =>
    withoutIgnored({ ...settings().defaults, ...(isValues(tags) ? tags : {}) });
  return {
    ...type,
    inputs: [...type.inputs, "tags", "tagsAll"],
    complete: (inputs) => ({
      ...inputs,
      tagsAll: isUnknown(inputs.tags) ? unknownValue : all(inputs.tags),
    }),
    async read(id, state) {
      const found = await type.read(id, state);
      if (!found) return undefined;
      const tagsAll = withoutIgnored(await tagger.list(id, found));
      const given = isValues(state.tags) ? state.tags : {};
      const own = Object.entries(tagsAll).filter(
        ([key, value]) => key in given || settings().defaults[key] !== value,
      );
      const tags = Object.fromEntries(own);
      const hasTags = own.length > 0 || state.tags !== undefined;
      return { ...found, ...(hasTags && { tags }), tagsAll };
    },
    async update(id, inputs, olds) {
      const [oldTags, newTags] = [asTags(olds.tagsAll), asTags(inputs.tagsAll)];
      const gone = Object.keys(oldTags).filter((key) => !(key in newTags));
      const changed = Object.entries(newTags).filter(([key, value]) => oldTags[key] !== value);
      if (gone.length > 0) await tagger.untag(id, olds, gone);
      if (changed.length > 0) await tagger.tag(id, olds, Object.fromEntries(changed));
      const [news, before] = [withoutTags(inputs), withoutTags(olds)];
      const { defaults = {} } = type;
      const names = new Set([...Object.keys(news), ...type.inputs, ...Object.keys(defaults)]);
      const isUnchanged = (name: string) =>
        isSame(news[name] ?? defaults[name], before[name] ?? defaults[name]);
      if ([...names].every(isUnchanged)) return {};
      return (await type.update?.(id, news, before)) ?? {};
    },
  };
}

function withoutTags({ tags: _, tagsAll: __, ...others }: Values): Values {
  return others;
}

function refusing(token: string, type: ResourceType, settings: () => TagSettings): ResourceType {
  return {
    ...type,
    complete(inputs) {
      if (Object.keys(settings().defaults).length === 0) return inputs;
      throw new Error(`the sandbox has no default tags for ${token}: remove aws:defaultTags`);
    },
  };
}

/** Tags as strings, which they are at AWS. */
export function asTags(tags: Value | undefined): Record<string, string> {
  const entries = Object.entries(isValues(tags) ? tags : {});
  return Object.fromEntries(entries.map(([key, value]) => [key, String(value)]));
}
