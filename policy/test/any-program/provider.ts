import { awsOutputs } from "../../../sandbox/aws/provider/aws-outputs.ts";
import {
  type Provider,
  packageVersion,
  type ResourceType,
} from "../../../sandbox/aws/provider/resource-type.ts";
import {
  hexOf,
  isUnknown,
  isValues,
  revealAll,
  unknownValue,
  type Value,
  type Values,
} from "../../../sandbox/engine/values.ts";
import { region } from "./account.ts";
import { decided } from "./created.ts";
import { functions } from "./functions.ts";
import { type Declaration, declarationOf, type InputShapes } from "./sdk.ts";

/**
 * Package `aws` with every resource type of the installed @pulumi/aws, for programs that nobody wrote
 * a stand-in for. It needs no AWS: `create` invents what AWS decides. A type, a property or a member of
 * a block that the SDK does not declare is refused.
 */
export function anyAwsProvider(): Provider {
  return {
    version: packageVersion("@pulumi/aws"),
    configure(settings) {
      const given = settings.get("region");
      if (given !== region) {
        throw new Error(`aws:region must be ${region} in this test: got ${given}`);
      }
    },
    outputs: (type) => awsOutputs(type, region),
    // Types are read one by one: the SDK has more than 1,700.
    resources: new Proxy<Record<string, ResourceType>>({}, { get: (_, type) => typeOf(type) }),
    functions,
  };
}

const types = new Map<string, ResourceType>();

function typeOf(token: string | symbol): ResourceType {
  const type = String(token);
  const known = types.get(type);
  if (known) return known;
  const created = resourceType(type, declarationOf(type));
  types.set(type, created);
  return created;
}

function resourceType(type: string, { inputs, outputs }: Declaration): ResourceType {
  const documents = [...inputs].filter(([, shape]) => shape.isDocument).map(([name]) => name);
  const autoName = autoNamed[type] ?? (inputs.get("name")?.isString ? "name" : undefined);
  const created = new Map<string, number>();
  return {
    inputs: [...inputs.keys()],
    ...(autoName && { autoName }),
    completeAutoName: (proposed, { fifoQueue, fifoTopic }) => {
      if (fifoQueue || fifoTopic) return `${proposed}.fifo`;
      return autoName === "bucket" ? proposed.toLowerCase() : proposed;
    },
    json: documents,
    complete(given) {
      refuseUndeclared(type, inputs, revealAll(given));
      // The provider's automatic name is for resources without a prefix.
      const { name: _, ...others } = given;
      const all = given.namePrefix === undefined ? given : others;
      return outputs.has("tagsAll") ? { ...all, tagsAll: tagsOf(all.tags) } : all;
    },
    async create(given) {
      // The same in each run, and another one for a second resource with the same inputs.
      const key = `${type} ${JSON.stringify(given)}`;
      const count = created.get(key) ?? 0;
      created.set(key, count + 1);
      const hex = hexOf(`${key} ${count}`, 17);
      const name: Values =
        given.namePrefix === undefined ? {} : { name: `${given.namePrefix}${hex}` };
      const { id, ...decisions } = decided(
        type,
        { ...given, ...name },
        hex,
        outputs.has("arn") && !inputs.has("arn"),
      );
      return { id: String(id), outputs: { ...name, ...decisions } };
    },
    read: async (_, state) => state,
    update: async () => ({}),
    async delete() {},
  };
}

/** Inputs with an automatic name whose property is not `name`. */
const autoNamed: Readonly<Record<string, string>> = {
  "aws:ecs/taskDefinition:TaskDefinition": "family",
  "aws:eks/nodeGroup:NodeGroup": "nodeGroupName",
  "aws:lambda/layerVersion:LayerVersion": "layerName",
  "aws:lambda/permission:Permission": "statementId",
  "aws:rds/instance:Instance": "identifier",
  "aws:s3/bucket:Bucket": "bucket",
};

/** Throws if a value has a member that the SDK does not declare, or an object where it declares a string. */
function refuseUndeclared(path: string, shapes: InputShapes, values: Values): void {
  for (const [name, value] of Object.entries(values)) {
    const shape = shapes.get(name);
    if (!shape) throw new Error(`${path}: @pulumi/aws declares no ${name}`);
    if (shape.isString && typeof value === "object" && value !== null) {
      throw new Error(`${path}.${name}: expected a string, got ${JSON.stringify(value)}`);
    }
    const { members } = shape;
    if (!members) continue;
    for (const block of Array.isArray(value) ? value : [value]) {
      if (isValues(block)) refuseUndeclared(`${path}.${name}`, members(), block);
    }
  }
}

function tagsOf(tags: Value | undefined): Value {
  return isUnknown(tags) ? unknownValue : (tags ?? {});
}
