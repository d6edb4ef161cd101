import { expect } from "chai";
import { isSignedLocation, signCodeLinks } from "../../../aws/middleware/function-code.ts";
import { apiCall, responseOf } from "../../support.ts";

const root = { accessKeyId: "AKIAROOT", secretAccessKey: "secret" };
const path =
  "/_ministack/lambda-code/reboot.zip?X-Amz-Expires=600&X-Amz-Date=20260131T120000Z&X-Amz-Signature=";
const location = { Code: { Location: `http://127.0.0.1:4566${path}none` } };
const signature = "da4612801a0f0ce9f889d1b13b392c237053fcbdb5ee24756cbe9304e154f2c7";
const signedAtMs = Date.parse("2026-01-31T12:00:00Z");

/** The path of the code's link in a response of Lambda that went through the middleware. */
async function signedPath(service = "lambda", method = "GET"): Promise<string> {
  const call = apiCall({ service, method, body: "" });
  const { body } = await signCodeLinks(root)(call, async () =>
    responseOf(JSON.stringify(location)),
  );
  return JSON.parse(body.toString()).Code.Location.replace("http://127.0.0.1:4566", "");
}

describe("signCodeLinks", () => {
  it("signs the link to a function's code", async () => {
    expect(await signedPath()).to.equal(path + signature);
  });

  it("leaves other responses as they are", async () => {
    expect(await signedPath("s3")).to.equal(`${path}none`);
    expect(await signedPath("lambda", "POST")).to.equal(`${path}none`);
  });
});

describe("isSignedLocation", () => {
  const request = (changes: object = {}) => ({
    ...apiCall({ service: "unknown", method: "GET", body: "" }).request,
    path: path + signature,
    ...changes,
  });

  it("accepts a signed link for less than ten minutes", () => {
    expect(isSignedLocation(request(), root, signedAtMs)).to.equal(true);
    expect(isSignedLocation(request(), root, signedAtMs + 599_999)).to.equal(true);
    expect(isSignedLocation(request(), root, signedAtMs + 600_000)).to.equal(false);
    expect(isSignedLocation(request(), root, signedAtMs - 600_000)).to.equal(false);
  });

  for (const [what, changes] of [
    ["another method", { method: "PUT" }],
    ["no signature", { path }],
    ["another function's code", { path: path.replace("reboot", "other") + signature }],
    ["a later time", { path: path.replace("T12", "T13") + signature }],
    ["another path", { path: `/other${path}${signature}` }],
  ] as const) {
    it(`refuses ${what}`, () => {
      expect(isSignedLocation(request(changes), root, signedAtMs)).to.equal(false);
    });
  }
});
