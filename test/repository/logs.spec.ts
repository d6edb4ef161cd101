import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { loadProgram } from "../../sandbox/engine/program.ts";
import { logsPage, logsPageBlocks } from "../logs-page.ts";

const root = join(import.meta.dirname, "..", "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const { logCheckQuery } =
  loadProgram<typeof import("../../infra/alert-query.ts")>("infra/alert-query.ts");

/** Without indentation and comments. */
function bare(text: string): string {
  const lines = text.split("\n").map((line) => line.trim());
  return lines.filter((line) => line !== "" && !line.startsWith("#")).join("\n");
}

describe("docs/logs.md", () => {
  it("has the query that the program saves", () => {
    expect(logsPageBlocks("text")).to.include(logCheckQuery("web/access"));
  });

  it("has the nginx configuration of created instances", () => {
    const [nginx = ""] = logsPageBlocks("nginx");
    const [, ...rest] = bare(nginx).split("\n");

    expect(bare(read("infra/web-server/nginx.conf"))).to.include(rest.slice(0, 3).join("\n"));
    for (const line of rest) expect(bare(read("infra/web-server/nginx.conf"))).to.include(line);
  });

  it("names the collector version of the set-up script", () => {
    const [, version] = /^collector_version=(.*)$/m.exec(read("infra/web-server/set-up.sh")) ?? [];

    expect(logsPage).to.include(`\`otelcol-contrib\` ${version}`);
  });
});
