import { expect } from "chai";
import { loadProgram } from "../../../sandbox/engine/program.ts";

const { alertLink } = loadProgram<typeof import("../../../handler/requests/alert-link.ts")>(
  "handler/requests/alert-link.ts",
);

const page = "/ui/#/alert/00000000016CCCDD";

describe("alertLink", () => {
  for (const host of [
    "service.sumologic.com",
    ...["au", "ca", "ch", "de", "esc", "eu", "fed", "in", "jp", "kr", "us2"].map(
      (deployment) => `service.${deployment}.sumologic.com`,
    ),
  ]) {
    it(`accepts an alert's page at ${host}`, () => {
      expect(alertLink(`https://${host}${page}`)).to.equal(`https://${host}${page}`);
    });
  }

  for (const link of [
    "",
    "text",
    `http://service.sumologic.com${page}`,
    `HTTPS://service.sumologic.com${page}`,
    `//service.sumologic.com${page}`,
    ` https://service.sumologic.com${page}`,
    `https://service.sumologic.com${page}\n`,
    `https://service.sumologic.com${page} https://evil.example`,
    `https://sumologic.com${page}`,
    `https://www.sumologic.com${page}`,
    `https://evil.sumologic.com${page}`,
    `https://service.us1.sumologic.com${page}`,
    `https://service.evil.sumologic.com${page}`,
    `https://service.us2.us2.sumologic.com${page}`,
    `https://service.sumologic.com.evil.example${page}`,
    `https://sumologic.com.evil.example${page}`,
    `https://evilsumologic.com${page}`,
    `https://serviceXsumologic.com${page}`,
    `https://service.sumologic.com.${page}`,
    `https://service.sumologic.com:443${page}`,
    `https://service.sumologic.com:8443${page}`,
    `https://user@service.sumologic.com${page}`,
    `https://user:pass@service.sumologic.com${page}`,
    `https://service.sumologic.com@evil.example${page}`,
    `https://service.sumologic.com\\@evil.example${page}`,
    `https://service.sumol\u043egic.com${page}`,
    `https://service.sumologic\u3002com${page}`,
    `https://\u202eservice.sumologic.com${page}`,
    "https://service.sumologic.com",
    "https://service.sumologic.com/ui/#/alert/",
    "https://service.sumologic.com/redirect?to=https://evil.example",
    "https://service.sumologic.com/ui/#/alert/../search/1",
    `https://service.sumologic.com${page}?next=https://evil.example`,
    `https://service.sumologic.com/ui/#/alert/${"0".repeat(65)}`,
    "javascript:alert(1)//service.sumologic.com/ui/#/alert/1",
  ]) {
    it(`refuses ${JSON.stringify(link.slice(0, 70))}`, () => {
      expect(alertLink(link)).to.equal(undefined);
    });
  }
});
