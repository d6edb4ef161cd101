import { expect } from "chai";
import { callsOfTexts } from "./support.ts";

describe("a signer in a bundle", () => {
  /** The constants of the SDK's signer, as a bundle has them. */
  const ofSdk = `var a="AWS4-HMAC-SHA256",b="AWS4-HMAC-SHA256-PAYLOAD",c="aws4_request";`;
  const client = `var s={schemeId:"aws.auth#sigv4"};`;
  const other = `var t=["AWS4-HMAC-SHA256 Credential="+k,"aws4_request"];`;
  const sentence = "its code signs requests itself (index.js), so any call is possible";
  for (const [what, text, unresolved] of [
    ["of version 3 of the SDK", client + ofSdk, []],
    ["of two copies of version 3 of the SDK", client + ofSdk + ofSdk, []],
    ["of version 3 of the SDK, without a client", ofSdk, [sentence]],
    [
      "of version 2 of the SDK",
      `${client}var a="aws4_request",f=["AWS4-HMAC-SHA256"],g="AWS4-HMAC-SHA256";`,
      [sentence],
    ],
    ["that a program has written", other, [sentence]],
    ["beside the SDK's", client + ofSdk + other, [sentence]],
    ["that adds the scope only", `var t=d+"/"+r+"/"+s+"/aws4_request";`, [sentence]],
  ] as const) {
    it(`leaves the function not comparable if it is another's: ${what}`, async () => {
      expect((await callsOfTexts({ "index.js": text })).unresolved).to.deep.equal(unresolved);
    });
  }

  it("in a library is named with it", async () => {
    const { unresolved } = await callsOfTexts({
      "index.js": 'const { call } = require("signs"); exports.handler = () => call();',
      "node_modules/signs/index.js": `exports.call = () => {${other}};`,
    });

    expect(unresolved).to.deep.equal([
      "its code includes signs (node_modules/signs/index.js), which calls AWS itself",
    ]);
  });
});
