import { expect } from "chai";
import { signedHeaders as sign, signatureError } from "../../aws/signature.ts";
import { rootKey, signedHeaders } from "../support.ts";

const port = 4566;

describe("signatureError", () => {
  // https://docs.aws.amazon.com/general/latest/gr/signature-v4-test-suite.html and, for S3,
  // https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
  for (const [name, { url, service, key, time, headers, signature }] of Object.entries({
    "get-vanilla": {
      url: "/",
      service: "service",
      key: ["AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"],
      time: "20150830T123600Z",
      headers: { host: "example.amazonaws.com" },
      signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
    },
    "get-vanilla-query-order-key-case": {
      url: "/?Param2=value2&Param1=value1",
      service: "service",
      key: ["AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"],
      time: "20150830T123600Z",
      headers: { host: "example.amazonaws.com" },
      signature: "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
    },
    "S3's GET Object": {
      url: "/test.txt",
      service: "s3",
      key: ["AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"],
      time: "20130524T000000Z",
      headers: {
        host: "examplebucket.s3.amazonaws.com",
        range: "bytes=0-9",
        "x-amz-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      },
      signature: "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
    },
    "S3's List Objects": {
      url: "/?max-keys=2&prefix=J",
      service: "s3",
      key: ["AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"],
      time: "20130524T000000Z",
      headers: {
        host: "examplebucket.s3.amazonaws.com",
        "x-amz-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      },
      signature: "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
    },
  })) {
    it(`accepts AWS's example ${name}`, () => {
      const [accessKeyId = "", secretAccessKey = ""] = key;
      const all = { ...headers, "x-amz-date": time };
      const authorization =
        `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${time.slice(0, 8)}/us-east-1/${service}/aws4_request,` +
        `SignedHeaders=${Object.keys(all).sort().join(";")},Signature=${signature}`;
      const request = { method: "GET", url, headers: { ...all, authorization } };
      const nowMs = Date.parse(time.replace(/(....)(..)(..)T(..)(..)(..)Z/, "$1-$2-$3T$4:$5:$6Z"));
      const keyOf = () => ({ accessKeyId, secretAccessKey });

      expect(signatureError(request, Buffer.alloc(0), keyOf, nowMs)).to.equal(undefined);
    });
  }

  const call = {
    service: "lambda",
    method: "PUT",
    path: "/2015-03-31/tags/arn%3Aaws%3Alambda?b=1&a=%20%2F&A='!()*",
    headers: { "content-type": "application/json", "x-amz-target": "Service.Call" },
    body: '{"name":"länger"}',
  };
  const session = { accessKeyId: "ASIASESSION", secretAccessKey: "s", sessionToken: "token" };
  const keyOf = (id: string) => [rootKey, session].find((it) => it.accessKeyId === id);

  /** The error of that call, signed by the AWS SDK and changed afterwards. */
  async function errorAfter({
    key = rootKey,
    method = call.method,
    path = call.path,
    body = call.body,
    headers = {},
    laterMs = 0,
    changed = (authorization) => authorization,
  }: {
    key?: typeof session | typeof rootKey;
    method?: string;
    path?: string;
    body?: string;
    headers?: Record<string, string | undefined>;
    laterMs?: number;
    changed?: (authorization: string) => string;
  } = {}) {
    const signed = await signedHeaders(port, call, key);
    const authorization = changed(signed.authorization ?? "");
    return signatureError(
      { method, url: path, headers: { ...signed, authorization, ...headers } },
      Buffer.from(body),
      keyOf,
      Date.now() + laterMs,
    );
  }

  it("accepts what the AWS SDK signs for root, and for a session with its token", async () => {
    expect(await errorAfter()).to.equal(undefined);
    expect(await errorAfter({ key: session })).to.equal(undefined);
    expect(await errorAfter({ laterMs: 14 * 60_000 })).to.equal(undefined);
  });

  for (const [what, change, code] of [
    ["no signature", { headers: { authorization: undefined } }, "MissingAuthenticationToken"],
    [
      "the key in another scheme",
      { headers: { authorization: "Basic dGVzdDp0ZXN0" } },
      "MissingAuthenticationToken",
    ],
    ["an unknown access key", { key: { ...rootKey, accessKeyId: "test" } }, "InvalidClientTokenId"],
    ["a wrong secret", { key: { ...rootKey, secretAccessKey: "test" } }, "SignatureDoesNotMatch"],
    [
      "a session without its token",
      { key: { ...session, sessionToken: "" } },
      "InvalidClientTokenId",
    ],
    [
      "a session with another token",
      { key: { ...session, sessionToken: "other" } },
      "InvalidClientTokenId",
    ],
    ["another method", { method: "DELETE" }, "SignatureDoesNotMatch"],
    ["another path", { path: call.path.replace("2015", "2016") }, "SignatureDoesNotMatch"],
    ["another query", { path: call.path.replace("b=1", "b=2") }, "SignatureDoesNotMatch"],
    ["a malformed query", { path: "/?a=%" }, "SignatureDoesNotMatch"],
    ["another host", { headers: { host: "evil.example" } }, "SignatureDoesNotMatch"],
    ["another body", { body: "{}" }, "XAmzContentSHA256Mismatch"],
    [
      "a body that is not signed",
      { headers: { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" } },
      "XAmzContentSHA256Mismatch",
    ],
    [
      "another operation",
      { headers: { "x-amz-target": "Service.Other" } },
      "SignatureDoesNotMatch",
    ],
    ["an operation that is not signed", { headers: { "x-amz-other": "1" } }, "IncompleteSignature"],
    ["another signed time", { headers: { "x-amz-date": "20260101T000000Z" } }, "RequestExpired"],
    ["a time that is none", { headers: { "x-amz-date": "" } }, "RequestExpired"],
    ["a signature of 15 minutes ago", { laterMs: 15 * 60_000 }, "RequestExpired"],
    ["a signature of 15 minutes later", { laterMs: -16 * 60_000 }, "RequestExpired"],
    ["host left out", { changed: (it: string) => it.replace("host;", "") }, "IncompleteSignature"],
    [
      "the signature cut off",
      { changed: (it: string) => it.slice(0, -1) },
      "MissingAuthenticationToken",
    ],
    [
      "another region",
      { changed: (it: string) => it.replace("us-east-1", "us-east-2") },
      "SignatureDoesNotMatch",
    ],
  ] as const) {
    it(`returns ${code} for ${what}`, async () => {
      expect(await errorAfter(change)).to.equal(code);
    });
  }
});

describe("signedHeaders", () => {
  it("are those of AWS's example, and accepted", () => {
    const key = {
      accessKeyId: "AKIDEXAMPLE",
      secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    };
    const nowMs = Date.parse("2015-08-30T12:36:00Z");
    const request = { method: "GET", url: "/", headers: { host: "example.amazonaws.com" } };

    const headers = sign(request, "", key, { region: "us-east-1", service: "service", nowMs });

    expect(headers).to.deep.equal({
      host: "example.amazonaws.com",
      "x-amz-date": "20150830T123600Z",
      authorization:
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, " +
        "SignedHeaders=host;x-amz-date, " +
        "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
    });
    const signed = { ...request, headers };
    expect(signatureError(signed, Buffer.from(""), () => key, nowMs)).to.equal(undefined);
  });
});
