import { expect } from "chai";
import {
  CreatedInPart,
  cannotUpdate,
  type ResourceType,
} from "../../aws/provider/resource-type.ts";
import type { Values } from "../../engine/values.ts";
import { errorOf, secret, unknown } from "../support.ts";
import { providerForEach, thing } from "./provider-host-support.ts";

describe("serveProvider", () => {
  const start = providerForEach();

  describe("a resource that is created in part", () => {
    it("is given to the engine with the reason, so that it is kept", async () => {
      const created = { id: "thing-1", outputs: { arn: "arn:thing-1" } };
      const { type } = thing({
        async create() {
          throw new CreatedInPart(created, new Error("a part was refused"));
        },
      });
      const provider = await start(type);

      const error = await provider.create({ name: "a" }).catch((it) => it);

      expect(error).to.include({ message: "a part was refused", id: "thing-1" });
      expect(error.properties).to.deep.equal({ name: "a", arn: "arn:thing-1" });
      expect(error.reasons).to.deep.equal(["a part was refused"]);
    });
  });

  describe("an update that fails", () => {
    const olds = { name: "a", arn: "arn:thing-1" };
    const attempt = async (changes: Partial<ResourceType>) => {
      const provider = await start(thing(changes).type);
      const oldInputs = { name: "a" };
      return provider.update("thing-1", olds, { name: "b" }, { oldInputs }).catch((it) => it);
    };
    const refused = async () => {
      throw new Error("AWS refused it");
    };

    it("is given to the engine with the wanted properties, as if AWS had them", async () => {
      const error = await attempt({ update: refused });

      expect(error).to.include({ message: "AWS refused it", id: "thing-1" });
      expect(error.properties).to.include({ name: "b", arn: "arn:thing-1" });
      expect(error.reasons).to.deep.equal(["AWS refused it"]);
    });

    it("leaves nothing to do for the next update, though the engine keeps the old inputs", async () => {
      const { properties } = await attempt({ update: refused });
      const { calls, type } = thing();
      const provider = await start(type);
      const oldInputs = { name: "a" };

      const { isChanged } = await provider.diff(oldInputs, { name: "b" }, properties);
      const kept = await provider.update("thing-1", properties, { name: "b" }, { oldInputs });

      expect(isChanged).to.equal(false);
      expect(calls).to.deep.equal([
        ["update", "thing-1", { name: "b" }, { name: "b", arn: "arn:thing-1" }],
      ]);
      expect(kept).to.deep.equal({ name: "b", arn: "arn:thing-1", changedAt: "now" });
    });

    it("is forgotten by a refresh", async () => {
      const { properties } = await attempt({ update: refused });
      const provider = await start();

      const fresh = await provider.read("thing-1", { name: "a" }, properties);

      expect(fresh.properties).to.deep.equal({ name: "b", size: 2, arn: "arn:thing-1" });
    });

    it("leaves the old state where the type does, or where the sandbox lacks something", async () => {
      const kept = await attempt({ update: refused, keepsStateOfFailedUpdate: true });
      const lacking = await attempt({ update: cannotUpdate });

      expect(kept.message).to.equal("AWS refused it");
      expect(kept.properties).to.equal(undefined);
      expect(lacking.message).to.include("the sandbox cannot change thing-1 in place");
      expect(lacking.properties).to.equal(undefined);
    });
  });

  describe("create", () => {
    it("gives the type its inputs without secret marks", async () => {
      const { calls, type } = thing();
      const client = await start(type);

      await client.create({ name: "a", password: secret("p"), tags: { a: [secret(1)] } });

      expect(calls).to.deep.equal([["create", { name: "a", password: "p", tags: { a: [1] } }]]);
    });

    it("returns inputs and outputs, with secret inputs and named outputs marked", async () => {
      const client = await start();

      const created = await client.create({ name: "a", tags: { a: [secret(1)] } });

      expect(created).to.deep.equal({
        id: "thing-1",
        properties: {
          name: "a",
          tags: { a: [secret(1)] },
          arn: "arn:thing-1",
          token: secret("made"),
        },
      });
    });

    it("fails with the text of the type's error", async () => {
      const client = await start({
        ...thing().type,
        create: () => Promise.reject(new Error("InvalidAMIID: ami-1 does not exist")),
      });

      expect(await errorOf(client.create({}))).to.equal("InvalidAMIID: ami-1 does not exist");
    });
  });

  describe("read", () => {
    const state = { name: "a", size: 1, password: secret("p"), token: secret("made") };

    it("gives the type the state without secret marks", async () => {
      const { calls, type } = thing();
      const client = await start(type);

      await client.read("thing-1", { name: "a" }, state);

      expect(calls).to.deep.equal([
        ["read", "thing-1", { name: "a", size: 1, password: "p", token: "made" }],
      ]);
    });

    it("returns as inputs only what was an input before, with the values of now", async () => {
      const client = await start();

      const { id, inputs } = await client.read("thing-1", { size: 1 }, state);

      expect(id).to.equal("thing-1");
      expect(inputs).to.deep.equal({ size: 2 });
    });

    it("keeps an input that the read does not return", async () => {
      const client = await start({ ...thing().type, read: async () => ({ size: 2 }) });

      const { inputs } = await client.read("thing-1", { size: 1, tags: "t" }, state);

      expect(inputs).to.deep.equal({ size: 2, tags: "t" });
    });

    it("returns the state of now, computed values included, with the secrets marked", async () => {
      const client = await start();

      const { properties } = await client.read("thing-1", { size: 1 }, state);

      expect(properties).to.deep.equal({ ...state, size: 2, arn: "arn:thing-1" });
    });

    it("keeps secret inputs marked", async () => {
      const client = await start();

      const { inputs, properties } = await client.read("thing-1", { size: secret(1) }, {});

      expect(inputs).to.deep.equal({ size: secret(2) });
      expect(properties).to.deep.equal({ size: secret(2), arn: "arn:thing-1" });
    });

    it("returns an empty id when the resource is gone", async () => {
      const client = await start({ ...thing().type, read: async () => undefined });

      expect(await client.read("thing-1", { size: 1 }, state)).to.deep.equal({
        id: "",
        inputs: undefined,
        properties: undefined,
      });
    });
  });

  describe("update", () => {
    it("gives the type new inputs and old state, without secret marks", async () => {
      const { calls, type } = thing();
      const client = await start(type);

      await client.update(
        "thing-1",
        { password: secret("old"), arn: "arn:thing-1" },
        { password: secret("new") },
      );

      expect(calls).to.deep.equal([
        ["update", "thing-1", { password: "new" }, { password: "old", arn: "arn:thing-1" }],
      ]);
    });

    it("returns new inputs, computed values of before and new outputs", async () => {
      const client = await start();

      const properties = await client.update(
        "thing-1",
        { name: "a", tags: "gone", arn: "arn:thing-1" },
        { name: "b" },
        { oldInputs: { name: "a", tags: "gone" } },
      );

      expect(properties).to.deep.equal({ name: "b", arn: "arn:thing-1", changedAt: "now" });
    });

    it("keeps secret inputs and named outputs marked", async () => {
      const client = await start();

      const properties = await client.update(
        "thing-1",
        { password: secret("old"), token: secret("made") },
        { password: secret("new") },
      );

      expect(properties).to.deep.equal({
        password: secret("new"),
        token: secret("made"),
        changedAt: "now",
      });
    });
  });

  describe("of a provider that knows the outputs of its types", () => {
    const knowing = async () => {
      const { calls, type } = thing();
      const outputs = {
        complete: (properties: Values) => ({ size: 0, ...properties }),
        planned: (properties: Values) => ({ arn: unknown, ...properties }),
        asInputs: (olds: Values, now: Values) => ({ ...olds, tags: now.tags ?? "" }),
      };
      return { calls, client: await start(type, { outputs: () => outputs }) };
    };

    it("supports previews", async () => {
      const { client } = await knowing();

      expect(await client.configure({})).to.include({ supportspreview: true });
      expect(await (await start()).configure({})).to.include({ supportspreview: false });
    });

    it("plans a resource and its change without creating or changing anything", async () => {
      const { calls, client } = await knowing();

      const created = await client.create({ name: "a", password: secret("p") }, undefined, true);
      const updated = await client.update(
        "thing-1",
        { name: "a", arn: "arn:thing-1" },
        { name: "b" },
        { oldInputs: { name: "a" }, isPreview: true },
      );

      expect(calls).to.deep.equal([]);
      expect(created).to.deep.equal({
        id: "",
        properties: { arn: unknown, name: "a", password: secret("p") },
      });
      expect(updated).to.deep.equal({ arn: "arn:thing-1", name: "b" });
    });

    it("returns all of them after each call", async () => {
      const { client } = await knowing();

      const created = await client.create({ name: "a" });
      const updated = await client.update("thing-1", {}, { name: "b" });

      expect(created.properties).to.include({ name: "a", size: 0 });
      expect(updated).to.include({ name: "b", size: 0 });
    });

    it("returns as inputs what the provider derives from the outputs", async () => {
      const { client } = await knowing();

      const { inputs } = await client.read("thing-1", { size: 1 }, { size: 1 });

      expect(inputs).to.deep.equal({ size: 1, tags: "" });
    });

    it("gives an update the old inputs, and the other outputs that have a value", async () => {
      const { calls, client } = await knowing();

      await client.update(
        "thing-1",
        { name: "a", tags: {}, size: 0, arn: "arn:thing-1" },
        { name: "b" },
        { oldInputs: { name: "a" } },
      );

      expect(calls).to.deep.equal([
        ["update", "thing-1", { name: "b" }, { name: "a", arn: "arn:thing-1" }],
      ]);
    });
  });

  describe("delete", () => {
    it("gives the type the id and the state without secret marks", async () => {
      const { calls, type } = thing();
      const client = await start(type);

      await client.delete("thing-1", { password: secret("p"), arn: "arn:thing-1" });

      expect(calls).to.deep.equal([["delete", "thing-1", { password: "p", arn: "arn:thing-1" }]]);
    });
  });
});
