import { expect } from "chai";
import type { Values } from "../../engine/values.ts";
import { archive, errorOf, secret, unknown } from "../support.ts";
import { providerForEach, thing } from "./provider-host-support.ts";

describe("serveProvider", () => {
  const start = providerForEach();

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

    it("asks the engine to send secrets marked, and not to call create in previews", async () => {
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

    it("returns the name and version that it is parameterized with", async () => {
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

    it("uses the automatic name that the engine proposes", async () => {
      const client = await start();

      const { inputs } = await client.check(
        { size: 1 },
        { proposedName: "project-dev-it-1a2b3c4" },
      );

      expect(inputs).to.deep.equal({ size: 1, name: "project-dev-it-1a2b3c4" });
    });

    it("completes an automatic name as its type accepts it", async () => {
      const type = { ...thing().type, completeAutoName: (name: string) => `${name}.fifo` };
      const client = await start(type);

      const { inputs } = await client.check({}, { proposedName: "jobs-1a2b3c4" });

      expect(inputs).to.deep.equal({ name: "jobs-1a2b3c4.fifo" });
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
      it(`reports [${changed.join()}] changed, [${replaces.join()}] replacing for ${what}`, async () => {
        const client = await start();

        expect(await client.diff(olds, news)).to.deep.equal({
          isChanged: changed.length > 0,
          changed,
          replaces,
          deletesFirst: false,
        });
      });
    }

    it("ignores outputs", async () => {
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
});
