import { expect } from "chai";
import { checkGenerated } from "./generate.ts";

/** Programs with functions → how many of their policies are complete. */
const programs: Readonly<Record<string, readonly [complete: number, incomplete: number]>> = {
  "document-search": [1, 1],
  "event-bus": [1, 0],
  "instance-rebooter": [3, 0],
  "invoice-export": [1, 0],
  "link-shortener": [3, 0],
  mailer: [0, 1],
  "orders-api": [1, 0],
  "packaged-function": [1, 0],
  "photo-archive": [1, 0],
  "queue-worker": [2, 0],
  "shared-layer": [1, 1],
  "shop-services": [3, 0],
  thumbnailer: [1, 1],
};

describe("the policies that generate prints of programs that know nothing of the pack", () => {
  for (const [name, [complete, incomplete]] of Object.entries(programs)) {
    it(`of ${name}: nothing is missing and nothing is unused with those that are complete`, async () => {
      expect(await checkGenerated(name)).to.deep.equal({ complete, incomplete, findings: [] });
    });
  }
});
