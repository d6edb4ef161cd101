import {
  CreateTagsCommand,
  DeleteTagsCommand,
  type EC2Client,
  type ResourceType,
  type Tag,
} from "@aws-sdk/client-ec2";
import { isValues, type Value, type Values } from "../../engine/values.ts";
import { asTags, type Tagger } from "./default-tags.ts";

/** A program's tags in the form that AWS takes. */
export function tagList(tags: Value | undefined): { Key: string; Value: string }[] {
  return Object.entries(isValues(tags) ? tags : {}).map(([Key, value]) => ({
    Key,
    Value: String(value),
  }));
}

/** The same for a resource that is created; nothing where there are none. */
export function givenTags(tags: Value | undefined) {
  const list = tagList(tags);
  return list.length > 0 ? list : undefined;
}

/** The same as a map, which some services expect. */
export function givenTagMap(tags: Value | undefined): Record<string, string> | undefined {
  const map = asTags(tags);
  return Object.keys(map).length > 0 ? map : undefined;
}

/** AWS's tags in the form that programs have. */
export function tagsOf(tags: readonly { Key?: string; Value?: string }[] = []): Values {
  return Object.fromEntries(tags.map(({ Key = "", Value: value = "" }) => [Key, value]));
}

/** The tags that a resource of EC2 gets as it is created; nothing where there are none. */
export function tagSpecification(type: ResourceType, tags: Value | undefined) {
  const Tags = givenTags(tags);
  return Tags ? [{ ResourceType: type, Tags }] : [];
}

/** Tags of EC2, which has the same calls for all of its types. */
export function ec2Tagger(
  ec2: EC2Client,
  find: (id: string) => Promise<readonly Tag[] | undefined>,
): Tagger {
  return {
    list: async (id) => tagsOf(await find(id)),
    tag: (id, _, tags) => ec2.send(new CreateTagsCommand({ Resources: [id], Tags: tagList(tags) })),
    // With their values, as the real provider does.
    untag: (id, { tagsAll }, keys) => {
      const Tags = tagList(tagsAll).filter(({ Key }) => keys.includes(Key));
      return ec2.send(new DeleteTagsCommand({ Resources: [id], Tags }));
    },
  };
}
