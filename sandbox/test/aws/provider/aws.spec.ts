import { expect } from "chai";
import { awsProvider } from "../../../aws/provider/aws.ts";
import { unlessGone } from "../../../aws/provider/aws-target.ts";
import { errorOf } from "../../support.ts";

describe("unlessGone", () => {
  function failing(name: string): Promise<never> {
    return Promise.reject(Object.assign(new Error(`it is ${name}`), { name }));
  }

  for (const name of [
    "ResourceNotFoundException",
    "NotFoundException",
    "NoSuchEntityException",
    "InvalidInstanceID.NotFound",
    "InvalidGroup.NotFound",
  ]) {
    it(`returns nothing for the error ${name}`, async () => {
      expect(await unlessGone(failing(name))).to.equal(undefined);
    });
  }

  it("returns what was read", async () => {
    expect(await unlessGone(Promise.resolve("it"))).to.equal("it");
  });

  it("fails for any other error", async () => {
    expect(await errorOf(unlessGone(failing("AccessDenied")))).to.equal("it is AccessDenied");
  });
});

describe("awsProvider", () => {
  const target = {
    endpoint: "http://127.0.0.1:1",
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
  const provider = awsProvider(target, "arn:aws:lambda:us-east-1:000000000000:layer:aws-sdk:1");

  it("accepts the sandbox's region", () => {
    expect(() => provider.configure(new Map([["region", "us-east-1"]]))).not.to.throw();
  });

  for (const region of ["eu-central-1", undefined]) {
    it(`refuses the region ${region}, naming the one that it has`, () => {
      const settings = new Map(region ? [["region", region]] : []);

      expect(() => provider.configure(settings)).to.throw(
        `aws:region must be us-east-1 in the sandbox: got ${region}`,
      );
    });
  }
});
