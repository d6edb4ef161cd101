import { expect } from "chai";
import {
  CreatedInPart,
  cannotUpdate,
  type Provider,
  type ResourceType,
} from "../../aws/provider/resource-type.ts";
import type { Values } from "../../engine/values.ts";
import { archive, errorOf, secret, stopAfterEach, unknown } from "../support.ts";
import { startProvider } from "./provider-client.ts";

/** A resource type without effects, which notes how its methods are called. */
function thing(changes: Partial<ResourceType> = {}) {
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

describe("serveProvider", () => {
  const stoppedLater = stopAfterEach();

  async function start(type = thing().type, changes: Partial<Provider> = {}) {
    const provider: Provider = {
      version: "1.2.3",
      configure() {},
      resources: { "test:index:Thing": type, "test:index:Other": type },
      functions: { "test:index:ask": async (args) => ({ asked: args.what ?? null }) },
      ...changes,
    };
    return stoppedLater(await startProvider(provider));
  }

  const onLinux = process.platform === "linux" ? it : () => {};
  onLinux("refuses another user of this machine", async () => {
    const { calls, type } = thing();
    const { configure } = await start(type);
    const { getuid } = process;
    process.getuid = () => 54_321;

    const error = await errorOf(configure({})).finally(() => {
      process.getuid = getuid;
    });

    expect(error).to.include("the user who started them alone");
    expect(calls).to.deep.equal([]);
  });

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

  describe("an input that the program does not give, with a default", () => {
    const startAt = (now: Values) =>
      start(
        thing({
          defaults: { isProtected: false },
          read: async (_id, state) => ({ ...state, ...now }),
        }).type,
      );

    it("is no input while AWS has the default", async () => {
      const provider = await startAt({ isProtected: false });

      const { inputs } = await provider.read("thing-1", { name: "a" }, { name: "a" });

      expect(inputs).to.deep.equal({ name: "a" });
    });

    it("becomes an input where AWS has something else, and differs from the program's", async () => {
      const provider = await startAt({ isProtected: true });

      const { inputs } = await provider.read("thing-1", { name: "a" }, { name: "a" });

      expect(inputs).to.deep.equal({ name: "a", isProtected: true });
      const { changed } = await provider.diff({ name: "a", isProtected: true }, { name: "a" });
      expect(changed).to.deep.equal(["isProtected"]);
    });

    it("has the default after an update", async () => {
      const provider = await startAt({});
      const olds = { name: "a", isProtected: true };

      const properties = await provider.update("thing-1", olds, { name: "a" });

      expect(properties).to.include({ isProtected: false });
    });
  });

  describe("settings and functions", () => {
    it("hands over the settings by their names without the package", async () => {
      let given: ReadonlyMap<string, string> | undefined;
      const client = await start(thing().type, {
        configure: (settings) => {
          given = settings;
        },
      });

      await client.configure({ "aws:config:region": "us-east-1", "sumologic:accessId": "id" });

      expect(Object.fromEntries(given ?? [])).to.deep.equal({
        region: "us-east-1",
        accessId: "id",
      });
    });

    it("tells the engine to send secrets marked, and not to call create in previews", async () => {
      const client = await start();

      const response = await client.configure({});

      expect(response).to.include({ acceptsecrets: true, supportspreview: false });
    });

    it("fails with the provider's text when a setting is missing", async () => {
      const client = await start(thing().type, {
        configure() {
          throw new Error("aws:region must be set");
        },
      });

      expect(await errorOf(client.configure({}))).to.equal("aws:region must be set");
    });

    it("answers the name and version that it is parameterized with", async () => {
      const client = await start();

      expect(await client.parameterize("sumologic", "3.2.10")).to.deep.equal({
        name: "sumologic",
        version: "3.2.10",
      });
    });

    it("calls a function with its arguments, without secret marks", async () => {
      const client = await start();

      expect(await client.invoke("test:index:ask", { what: secret("this") })).to.deep.equal({
        asked: "this",
      });
    });

    it("refuses an unknown function, naming those that it has", async () => {
      const client = await start();

      expect(await errorOf(client.invoke("test:index:other", {}))).to.equal(
        "the sandbox does not have the function test:index:other; it has test:index:ask",
      );
    });

    it("refuses an unknown resource type, naming those that it has", async () => {
      const client = await start();

      expect(await errorOf(client.create({}, "test:index:Unknown"))).to.equal(
        "the sandbox does not have the resource type test:index:Unknown; " +
          "it has test:index:Thing, test:index:Other",
      );
    });
  });

  describe("check", () => {
    it("fails for an unknown property, naming those that it has", async () => {
      const client = await start();

      const { failures } = await client.check({ name: "a", sizes: 1 });

      expect(failures).to.deep.equal([
        {
          property: "sizes",
          reason:
            "the sandbox does not have this property; " +
            "it has name, size, document, password, tags",
        },
      ]);
    });

    it("fails for a name that the service does not allow, an automatic one too", async () => {
      const ofType = "aws:sqs/queue:Queue";
      const client = await start(thing().type, { resources: { [ofType]: thing().type } });

      const { failures } = await client.check({}, { proposedName: "my.project-dev-it", ofType });

      expect(failures).to.deep.equal([
        { property: "name", reason: "invalid queue name: my.project-dev-it" },
      ]);
    });

    it("fails for a policy of IAM with a key twice, and hands on that of another service", async () => {
      const document = '{"Statement":[{"Action":"*"},{"Action":"sns:*","Action":"sns:Publish"}]}';
      for (const [ofType, reasons] of [
        [
          "aws:iam/policy:Policy",
          ['"document" contains duplicate JSON keys: duplicate key "Statement.1.Action"'],
        ],
        ["aws:s3/bucketPolicy:BucketPolicy", []],
      ] as const) {
        const client = await start(thing().type, { resources: { [ofType]: thing().type } });

        const { inputs, failures } = await client.check({ name: "a", document }, { ofType });

        expect(failures.map(({ reason }) => reason)).to.deep.equal(reasons);
        expect(inputs).to.deep.equal({ name: "a", document });
      }
    });

    it("leaves to the creation what only AWS refuses", async () => {
      const ofType = "aws:dynamodb/table:Table";
      const client = await start(thing().type, { resources: { [ofType]: thing().type } });

      const { failures } = await client.check({ name: "a" }, { ofType });

      expect(failures).to.deep.equal([]);
      expect(await errorOf(client.create({ name: "a" }, ofType))).to.include(
        "TableName must be at least 3 characters long",
      );
    });

    it("gives the inputs back as they are, secrets and unknown values included", async () => {
      const client = await start();
      const inputs = { name: "a", size: unknown, password: secret("p"), tags: { b: null } };

      expect(await client.check(inputs)).to.deep.equal({ inputs, failures: [] });
    });

    it("makes an automatic name of the resource's name and the seed", async () => {
      const client = await start();

      const { inputs } = await client.check({ size: 1 }, { seed: Uint8Array.of(1, 2, 3) });

      expect(inputs).to.deep.equal({ name: "it-039058c", size: 1 });
    });

    it("makes another automatic name of another seed", async () => {
      const client = await start();

      const { inputs } = await client.check({}, { seed: new TextEncoder().encode("seed") });

      expect(inputs).to.deep.equal({ name: "it-19b2585" });
    });

    it("takes the automatic name that the engine proposes", async () => {
      const client = await start();

      const { inputs } = await client.check(
        { size: 1 },
        { proposedName: "project-dev-it-1a2b3c4" },
      );

      expect(inputs).to.deep.equal({ size: 1, name: "project-dev-it-1a2b3c4" });
    });

    it("keeps the old automatic name, whatever the seed", async () => {
      const client = await start();

      const { inputs } = await client.check({ size: 1 }, { olds: { name: "it-0000000" } });

      expect(inputs).to.deep.equal({ name: "it-0000000", size: 1 });
    });

    it("leaves a name that the program gives, known or not", async () => {
      const client = await start();

      const { inputs } = await client.check({ name: unknown }, { olds: { name: "old" } });

      expect(inputs).to.deep.equal({ name: unknown });
    });

    it("makes no name for a type without automatic names", async () => {
      const { autoName: _, ...named } = thing().type;
      const client = await start(named);

      expect((await client.check({ size: 1 })).inputs).to.deep.equal({ size: 1 });
    });

    it("brings JSON documents into normal form", async () => {
      const client = await start();

      const { inputs } = await client.check({ name: "a", document: { b: 1, a: [] } });

      expect(inputs).to.deep.equal({ name: "a", document: '{"a":[],"b":1}' });
    });

    it("makes a JSON document with an unknown part one unknown", async () => {
      const client = await start();

      const { inputs } = await client.check({ name: "a", document: `{"a":"${unknown}"}` });

      expect(inputs).to.deep.equal({ name: "a", document: unknown });
    });

    it("keeps a secret JSON document secret, with its text in normal form", async () => {
      const client = await start();

      const { inputs } = await client.check({ name: "a", document: secret('{"b":1,"a":2}') });

      expect(inputs).to.deep.equal({ name: "a", document: secret('{"a":2,"b":1}') });
    });
  });

  describe("diff", () => {
    const cases: [string, Values, Values, string[], string[]][] = [
      ["equal inputs", { name: "a", size: 1 }, { size: 1, name: "a" }, [], []],
      ["a changed value", { tags: { a: 1 } }, { tags: { a: 2 } }, ["tags"], []],
      ["a new key", { name: "a" }, { name: "a", tags: {} }, ["tags"], []],
      ["a removed key", { name: "a", tags: { a: 1 } }, { name: "a" }, ["tags"], []],
      ["a value not known yet", { tags: "a" }, { tags: unknown }, ["tags"], []],
      [
        "a key that replaces",
        { size: 1, name: "a" },
        { size: 2, name: "b" },
        ["name", "size"],
        ["size"],
      ],
      ["a removed key that replaces", { size: 1 }, {}, ["size"], ["size"]],
      [
        "archives of one hash",
        { tags: archive("h", { a: "1" }) },
        { tags: archive("h", {}) },
        [],
        [],
      ],
    ];
    for (const [what, olds, news, changed, replaces] of cases) {
      it(`tells [${changed.join()}] changed, [${replaces.join()}] replacing for ${what}`, async () => {
        const client = await start();

        expect(await client.diff(olds, news)).to.deep.equal({
          isChanged: changed.length > 0,
          changed,
          replaces,
          deletesFirst: false,
        });
      });
    }

    it("does not look at outputs", async () => {
      const client = await start();

      const { isChanged } = await client.diff({ size: 1 }, { size: 1 }, { size: 2, arn: "a" });

      expect(isChanged).to.equal(false);
    });

    it("replaces at every change where the type has no update", async () => {
      const { update: _, ...fixed } = thing().type;
      const client = await start(fixed);

      const { replaces } = await client.diff({ tags: "a", size: 1 }, { tags: "b", size: 1 });

      expect(replaces).to.deep.equal(["tags"]);
    });

    it("has the old one deleted first where the physical name is fixed", async () => {
      const client = await start({ ...thing().type, hasFixedName: true });

      const { deletesFirst } = await client.diff({ size: 1 }, { size: 2 });

      expect(deletesFirst).to.equal(true);
    });
  });

  describe("create", () => {
    it("gives the type its inputs without secret marks", async () => {
      const { calls, type } = thing();
      const client = await start(type);

      await client.create({ name: "a", password: secret("p"), tags: { a: [secret(1)] } });

      expect(calls).to.deep.equal([["create", { name: "a", password: "p", tags: { a: [1] } }]]);
    });

    it("answers inputs and outputs, with secret inputs and named outputs marked", async () => {
      const client = await start();

      const created = await client.create({ name: "a", tags: { a: [secret(1)] } });

      expect(created).to.deep.equal({
        id: "thing-1",
        properties: {
          name: "a",
          tags: secret({ a: [1] }),
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

    it("answers as inputs only what was an input before, with the values of now", async () => {
      const client = await start();

      const { id, inputs } = await client.read("thing-1", { size: 1 }, state);

      expect(id).to.equal("thing-1");
      expect(inputs).to.deep.equal({ size: 2 });
    });

    it("keeps an input of which the read tells nothing", async () => {
      const client = await start({ ...thing().type, read: async () => ({ size: 2 }) });

      const { inputs } = await client.read("thing-1", { size: 1, tags: "t" }, state);

      expect(inputs).to.deep.equal({ size: 2, tags: "t" });
    });

    it("answers the state of now, computed values included, with the secrets marked", async () => {
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

    it("answers an empty id when the resource is gone", async () => {
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

    it("answers new inputs, computed values of before and new outputs", async () => {
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
