import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { loadProgram } from "../../sandbox/program.ts";
import { runQuery } from "../../sandbox/sumo-logic/query.ts";

const root = join(import.meta.dirname, "..", "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const { logCheckQuery, monitorQuery } =
  loadProgram<typeof import("../../infra/alert-query.ts")>("infra/alert-query.ts");

const page = read("docs/logs.md");

/** The code blocks of the page, by their language. */
function blocks(language: string): string[] {
  const form = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm");
  return [...page.matchAll(form)].map(([, text = ""]) => text.trim());
}

/** Without indentation and comments. */
function bare(text: string): string {
  const lines = text.split("\n").map((line) => line.trim());
  return lines.filter((line) => line !== "" && !line.startsWith("#")).join("\n");
}

describe("docs/logs.md", () => {
  it("has the query that the program saves", () => {
    expect(blocks("text")).to.include(logCheckQuery("web/access"));
  });

  it("has nginx's configuration as created instances have it", () => {
    const [nginx = ""] = blocks("nginx");
    const [, ...rest] = bare(nginx).split("\n");

    expect(bare(read("infra/web-server/nginx.conf"))).to.include(rest.slice(0, 3).join("\n"));
    for (const line of rest) expect(bare(read("infra/web-server/nginx.conf"))).to.include(line);
  });

  it("names the collector's version of the set-up script", () => {
    const [, version] = /^collector_version=(.*)$/m.exec(read("infra/web-server/set-up.sh")) ?? [];

    expect(page).to.include(`\`otelcol-contrib\` ${version}`);
  });

  // What a real Apache 2.4 and a real collector wrote with the forms on this page.
  const written = [
    '{"time":"2026-11-23T21:33:46+0000","method":"GET","path":"/api/data","status":"200","response_time_s":3501640e-6,"instance_id":"i-0123456789abcdef0"}',
    '{"time":"2026-11-23T21:33:49+0000","method":"GET","path":"/api/data","status":"200","response_time_s":1058e-6,"instance_id":"i-0123456789abcdef0"}',
    '{"time":"2026-11-23T10:00:04.123456Z","method":"GET","path":"/api/data","status":"200","response_time_s":4.002,"instance_id":"i-0123456789abcdef0"}',
  ];

  it("has forms whose lines count as they should", () => {
    const messages = written.map((raw) => ({ raw, sourceCategory: "web/access", timeMs: 0 }));
    const query = monitorQuery({
      rule: {
        apiPath: "/api/data",
        slowResponseSeconds: 3,
        maxSlowResponses: 5,
        windowMinutes: 10,
      },
      logSourceCategory: "web/access",
      instanceId: "i-0123456789abcdef0",
    });

    expect(runQuery(query, messages)).to.deep.equal([
      { instance_id: "i-0123456789abcdef0", slow_count: 2 },
    ]);
  });

  it("has Apache's form with every field of those lines, in their order", () => {
    const [apache = ""] = blocks("apache");
    const keys = [...apache.matchAll(/\\"(\w+)\\":/g)].map(([, key]) => key);

    expect(keys).to.deep.equal(Object.keys(JSON.parse(written[0] ?? "")));
  });
});
