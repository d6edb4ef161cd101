import { expect } from "chai";
import { waitFor } from "../wait.ts";
import { errorOf } from "./support.ts";

describe("waitFor", () => {
  it("returns what the check finds, as soon as it finds something", async () => {
    const results = [undefined, false, "found", "too late"] as const;
    let calls = 0;

    const found = await waitFor("a result", async () => results[calls++], { intervalMs: 1 });

    expect([found, calls]).to.deep.equal(["found", 3]);
  });

  it("returns other values that are not true", async () => {
    expect(await waitFor("a number", () => 0)).to.equal(0);
    expect(await waitFor("a string", () => "")).to.equal("");
  });

  it("says what it waited for when the time is over", async () => {
    const waiting = waitFor("an e-mail", () => undefined, { intervalMs: 1, timeoutMs: 20 });

    expect(await errorOf(waiting)).to.equal("waited 0.02 s for an e-mail");
  });

  it("ends with the error of a check", async () => {
    const waiting = waitFor("an e-mail", () => {
      throw new Error("no connection");
    });

    expect(await errorOf(waiting)).to.equal("no connection");
  });
});
