import type { Provider, ResourceType } from "../../aws/provider/resource-type.ts";
import { stopAfterEach } from "../support.ts";
import { startProvider } from "./provider-client.ts";

/** A resource type without effects, which notes how its methods are called. */
export function thing(changes: Partial<ResourceType> = {}) {
  const calls: unknown[][] = [];
  const type: ResourceType = {
    inputs: ["name", "size", "document", "password", "tags"],
    replaces: ["size"],
    autoName: "name",
    json: ["document"],
    secretOutputs: ["token"],
    async create(inputs) {
      calls.push(["create", inputs]);
      return { id: "thing-1", outputs: { arn: "arn:thing-1", token: "made" } };
    },
    async read(id, state) {
      calls.push(["read", id, state]);
      return { ...state, size: 2, arn: "arn:thing-1" };
    },
    async update(id, inputs, olds) {
      calls.push(["update", id, inputs, olds]);
      return { changedAt: "now" };
    },
    async delete(id, state) {
      calls.push(["delete", id, state]);
    },
    ...changes,
  };
  return { calls, type };
}

/** Call it in a `describe`; the function starts a provider with one type, for one test. */
export function providerForEach() {
  const stoppedLater = stopAfterEach();

  return async function start(type = thing().type, changes: Partial<Provider> = {}) {
    const provider: Provider = {
      version: "1.2.3",
      configure() {},
      resources: { "test:index:Thing": type, "test:index:Other": type },
      functions: { "test:index:ask": async (args) => ({ asked: args.what ?? null }) },
      ...changes,
    };
    return stoppedLater(await startProvider(provider));
  };
}
