import { readdirSync } from "node:fs";
import { expect } from "chai";
import type { Call } from "../../code/calls.ts";
import { expected, type FoundCall, ownNeeds } from "./handlers.ts";
import { callsOfHandler, callsOfTexts, handlers, ownHandler } from "./support.ts";

/** A call in the format of the expectations. */
function shown({ name, where, needs, mayUse, variables, arns }: Call): FoundCall {
  const lists = { needs: needs.map((it) => it.join(" or ")), mayUse, variables, arns };
  const filled = Object.entries(lists).filter(([, list]) => list.length > 0);
  return { name, where, ...Object.fromEntries(filled) };
}

describe("callsOf", () => {
  for (const { name, title, calls, unresolved, caveats = [] } of expected) {
    it(`reads ${title} (${name})`, async () => {
      const found = await callsOfHandler(name);

      expect(found.calls.map(shown)).to.deep.equal(calls);
      expect(found.unresolved).to.deep.equal(unresolved);
      expect(found.caveats).to.deep.equal(caveats);
    });
  }

  it("has an expectation for every handler", () => {
    expect(readdirSync(handlers).sort()).to.deep.equal(expected.map(({ name }) => name).sort());
  });

  it("finds exactly what this repository's handler calls", async () => {
    const text = await ownHandler();

    const { calls, unresolved } = await callsOfTexts({ "__index.js": text });

    expect(
      [...new Set(calls.flatMap(({ needs }) => needs.map((it) => it.join(" or "))))].sort(),
    ).to.deep.equal(ownNeeds);
    expect(unresolved).to.deep.equal([]);
  });

  it("reports a file that cannot be parsed, and reads the others", async () => {
    const { calls, unresolved } = await callsOfTexts({
      "broken.js": "export const handler = <template>",
      "index.js": `
        const { SNSClient, PublishCommand } = require("@aws-sdk/client-sns");
        exports.handler = () => new SNSClient().send(new PublishCommand({}));`,
    });

    expect(calls.map(({ name }) => name)).to.deep.equal(["PublishCommand of @aws-sdk/client-sns"]);
    expect(unresolved).to.deep.equal(["its code has a file that cannot be parsed (broken.js)"]);
  });

  it("reports an unknown waiter", async () => {
    const { unresolved } = await callsOfTexts({
      "index.mjs": `
        import { waitUntilTopicHappy } from "@aws-sdk/client-sns";
        await waitUntilTopicHappy({ maxWaitTime: 60 }, {});`,
    });

    expect(unresolved).to.deep.equal([
      "its code calls waitUntilTopicHappy of @aws-sdk/client-sns (index.mjs:3), a waiter whose operation is unknown",
    ]);
  });

  it("needs one of the clients' actions if several have an operation of that name", async () => {
    const { calls } = await callsOfTexts({
      "index.mjs": `
        const load = async () => ({
          sns: await import("@aws-sdk/client-sns"),
          iot: await import("@aws-sdk/client-iot-data-plane"),
        });
        const { sns, iot } = await keep(load)();
        new sns.SNSClient().send(new sns.PublishCommand({}));`,
    });

    expect(calls.map(({ name, needs }) => ({ name, needs }))).to.deep.equal([
      {
        name: "PublishCommand of @aws-sdk/client-sns or @aws-sdk/client-iot-data-plane",
        needs: [["sns:Publish", "iot:Publish"]],
      },
    ]);
  });

  it("distinguishes names of the same letter in minified code", async () => {
    const { calls } = await callsOfTexts({
      "index.js": `(()=>{var e=require("@aws-sdk/client-sns");
        function a(e){return new e.PublishCommand({})}
        function b(){var e=class{};return new e.SubscribeCommand({})}
        function c(){class PublishCommand{}return new PublishCommand}
        exports.handler=()=>new e.UnsubscribeCommand({})})()`,
    });

    // a: the parameter is unknown, so the name counts; b: so is a member of e; c: not of the SDK.
    expect(calls.map(({ name, where }) => `${name} (${where})`)).to.deep.equal([
      "PublishCommand of @aws-sdk/client-sns (index.js:2)",
      "SubscribeCommand of @aws-sdk/client-sns (index.js:3)",
      "UnsubscribeCommand of @aws-sdk/client-sns (index.js:5)",
    ]);
  });

  it("reads an object that is spread into itself, and modules that import each other", async () => {
    const { calls } = await callsOfTexts({
      "index.mjs": `
        import { command } from "./other.mjs";
        export { PublishCommand } from "@aws-sdk/client-sns";
        let all = {}; all = { ...all, command }; all.start();
        new all.PublishCommand({ TopicArn: process.env.TOPIC_ARN });`,
      "other.mjs": `
        export * from "./index.mjs";
        import { PublishCommand } from "./index.mjs";
        export const command = new PublishCommand({});`,
    });

    expect(calls.map(({ where }) => where)).to.deep.equal(["index.mjs:5", "other.mjs:4"]);
  });

  it("reads a million characters of minified code in linear time", async function () {
    // A second is enough; quadratic time would be minutes.
    this.timeout(60_000);
    const line =
      'function f(a,b){var c=a.d(b)+a.e[b];for(let g of c.h)c.i=()=>g?[{j:c}]:"k";return c}';
    const text = (lines: number) =>
      `require("@aws-sdk/client-sns");${Array(lines).fill(`{${line}}`).join("")}`;
    for (const [lines, runSteps] of [
      [1_200, 350_000],
      [12_000, 3_500_000],
    ] as const) {
      const { calls, unresolved } = await callsOfTexts({ "index.js": text(lines) }, { runSteps });

      expect([calls, unresolved]).to.deep.equal([[], []]);
    }
    expect(text(12_000).length).to.be.greaterThan(1_000_000);
  });

  it("caches the calls of the same files", () => {
    const files = { "index.js": 'require("@aws-sdk/client-sns")' };

    expect(callsOfTexts(files)).to.equal(callsOfTexts({ ...files }));
  });
});
