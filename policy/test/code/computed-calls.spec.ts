import { expect } from "chai";
import { callsOfTexts } from "./support.ts";

const client = `
  import { DynamoDB } from "@aws-sdk/client-dynamodb";
  const db = new DynamoDB({});`;
const byName = "accesses a method of a client of @aws-sdk/client-dynamodb by a computed name";
const ofClient = "accesses a member of @aws-sdk/client-dynamodb by a computed name";
const passed = "passes on the method getItem of a client of @aws-sdk/client-dynamodb";

/** What the code says instead of a call by its name, and where. */
const forms: readonly (readonly [code: string, sentence: string])[] = [
  ["export const handler = ({ action, params }) => db[action](params);", `${byName} (index.mjs:4)`],
  ["export const handler = ({ action }) => db?.[action]?.({});", `${byName} (index.mjs:4)`],
  ["export const handler = (e) => db[`${e.verb}Item`].call(db, e);", `${byName} (index.mjs:4)`],
  ["const get = db.getItem.bind(db); export const handler = get;", `${passed} (index.mjs:4)`],
  ["export const handler = (e) => db.getItem.call(db, e);", `${passed} (index.mjs:4)`],
  ["export const handler = (e) => db.getItem.apply(db, [e]);", `${passed} (index.mjs:4)`],
  ["export const handler = (all) => all.map(db.getItem, db);", `${passed} (index.mjs:4)`],
  ["const get = db.getItem; export const handler = (e) => get(e);", `${passed} (index.mjs:4)`],
  ["const { getItem } = db; export const handler = getItem;", `${passed} (index.mjs:4)`],
  ["let get; ({ getItem: get } = db); export { get };", `${passed} (index.mjs:4)`],
  [
    "export const handler = ({ a }) => { const { [a]: f } = db; f(); };",
    `${ofClient} (index.mjs:4)`,
  ],
  [
    "const { ...all } = db; export const handler = (e) => all.getItem(e);",
    `${ofClient} (index.mjs:4)`,
  ],
  ["export const handler = ({ a }) => Reflect.get(db, a).call(db);", `${ofClient} (index.mjs:4)`],
  [
    "const run = (it, a, e) => it[a](e); export const handler = (e) => run(db, e.action, e);",
    "calls a method by a computed name (index.mjs:4), perhaps of a client of @aws-sdk/client-dynamodb",
  ],
];

describe("a call whose name is computed", () => {
  for (const [code, sentence] of forms) {
    it(`counts as not read: ${code}`, async () => {
      const { unresolved } = await callsOfTexts({ "index.mjs": `${client}\n  ${code}` });

      expect(unresolved).to.deep.equal([`its code ${sentence}`]);
    });
  }

  it("is a possible use of a method that is passed on", async () => {
    const { calls } = await callsOfTexts({
      "index.mjs": `${client}\n  export const handler = db.getItem.bind(db);`,
    });

    expect(calls.map(({ name, needs }) => ({ name, needs }))).to.deep.equal([
      { name: "getItem of @aws-sdk/client-dynamodb", needs: [["dynamodb:GetItem"]] },
    ]);
  });

  for (const code of [
    "export const handler = async (e) => { const { Item } = await db.getItem(e); return Item; };",
    "export const handler = async (e) => { await db.getItem(e); db.destroy(); };",
    "const { config } = db; export const handler = (e) => db.getItem({ ...e, r: config.region });",
    'const run = { get: (e) => db.getItem(e) }; export const handler = (e) => run["get"](e);',
  ]) {
    it(`does not count as not read: ${code}`, async () => {
      const { unresolved } = await callsOfTexts({ "index.mjs": `${client}\n  ${code}` });

      expect(unresolved).to.deep.equal([]);
    });
  }
});

describe("a module whose name is computed", () => {
  const sdk = "loads a package of the AWS SDK by a computed name (index.js:1)";
  const any = "loads a module by a computed name (index.js:1)";
  for (const [code, sentence] of [
    ['exports.handler = ({ x }) => require("@aws-sdk/client-" + x);', sdk],
    ["exports.handler = ({ x }) => require(`@aws-sdk/client-${x}`);", sdk],
    ['exports.handler = ({ x }) => import("@aws-sdk/" + x);', sdk],
    ['const start = "@aws-sdk/client-"; exports.handler = ({ x }) => require(start + x);', sdk],
    ['exports.handler = ({ x }) => require(["@aws-sdk", x].join("/"));', sdk],
    ['exports.handler = ({ x }) => require("@aws-sdk/client-".concat(x));', sdk],
    ['exports.handler = () => require("@aws" + "-sdk/client-s3");', sdk],
    ['exports.handler = () => require(["@aws-sdk", "client-s3"].join("/"));', sdk],
    ["exports.handler = () => require(process.env.MODULE);", any],
    ["exports.handler = ({ x }) => import(x);", any],
    ["exports.handler = ({ x }) => require(`${x}`);", any],
    ['exports.handler = ({ x }) => require("@" + x);', any],
    ["exports.handler = ({ x }) => eval(x);", "runs a string as code (index.js:1)"],
    ["exports.handler = ({ x }) => new Function(x)();", "runs a string as code (index.js:1)"],
  ] as const) {
    it(`counts as not read: ${code}`, async () => {
      expect((await callsOfTexts({ "index.js": code })).unresolved).to.deep.equal([
        `its code ${sentence}`,
      ]);
    });
  }

  for (const code of [
    "exports.handler = ({ x }) => require(`./actions/${x}`);",
    'exports.handler = ({ x }) => require("./actions/" + x);',
    'exports.handler = ({ x }) => import("lodash/" + x);',
    'exports.handler = () => require("node:" + "fs");',
  ]) {
    it(`does not count as not read: ${code}`, async () => {
      expect((await callsOfTexts({ "index.js": code })).unresolved).to.deep.equal([]);
    });
  }

  it("does not count in a library", async () => {
    const { unresolved } = await callsOfTexts({
      "index.js": 'exports.handler = () => require("left")();',
      "node_modules/left/index.js": "module.exports = (x) => require(x);",
    });

    expect(unresolved).to.deep.equal([]);
  });
});
