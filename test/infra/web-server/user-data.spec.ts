import { globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect } from "chai";
import { loadProgram } from "../../../sandbox/engine/program.ts";

const { webServerUserData } = loadProgram<typeof import("../../../infra/web-server/user-data.ts")>(
  "infra/web-server/user-data.ts",
);
const yaml = createRequire(import.meta.url)("js-yaml") as { load(text: string): unknown };

const folder = join(import.meta.dirname, "..", "..", "..", "infra", "web-server");
const read = (name: string) => readFileSync(join(folder, name), "utf8");

const url = "https://endpoint.sumologic.com/receiver/v1/http/source-secret";
const text = webServerUserData(url);
const config = yaml.load(text) as {
  write_files: { path: string; content: string; permissions?: string }[];
  runcmd: string[][];
};

describe("webServerUserData", () => {
  it("is a cloud-config, which cloud-init knows by its first line", () => {
    expect(text.split("\n")[0]).to.equal("#cloud-config");
    expect(Object.keys(config)).to.deep.equal(["write_files", "runcmd"]);
  });

  it("stays below the 16 KB that EC2 takes", () => {
    expect(Buffer.byteLength(text)).to.be.below(16_384);
  });

  it("writes every file of the folder, unchanged, and the source's address", () => {
    const names = globSync("*", { cwd: folder }).filter((name) => !name.endsWith(".ts"));
    const written = config.write_files.slice(0, -1);

    expect(written.map(({ path }) => path.split("/").pop())).to.have.members(names);
    for (const { path, content } of written) {
      expect(content).to.equal(read(path.split("/").pop() ?? ""));
    }
  });

  it("gives the source's address to root alone, and only there", () => {
    expect(config.write_files.at(-1)).to.deep.equal({
      path: "/etc/otelcol-contrib/environment",
      permissions: "0600",
      content: `LOG_SOURCE_URL=${url}\n`,
    });
    expect(text.split("source-secret")).to.have.length(2);
  });

  it("runs the set-up script from where it is written", () => {
    const paths = config.write_files.map(({ path }) => path);

    expect(config.runcmd).to.deep.equal([["bash", "/usr/local/lib/web-server/set-up.sh"]]);
    expect(paths).to.include("/usr/local/lib/web-server/set-up.sh");
  });

  it("names in its units only files that are written or installed", () => {
    const known = [
      ...config.write_files.map(({ path }) => path),
      "/usr/bin/python3",
      "/usr/bin/curl",
      "/usr/local/bin/otelcol-contrib",
    ];
    const units = config.write_files.filter(({ path }) => path.endsWith(".service"));
    const named = units.flatMap(({ content }) =>
      [...content.matchAll(/^(?:ExecStart|EnvironmentFile)=(.*)$/gm)].flatMap(([, line = ""]) =>
        [...line.matchAll(/(?:^|[ =])(\/[\w./-]+)/g)].map(([, path]) => path),
      ),
    );

    expect(named).to.have.length.above(5);
    expect(known).to.include.members(named);
  });
});

describe("the collector's configuration", () => {
  // biome-ignore lint/suspicious/noExplicitAny: a tree of settings
  const collector = yaml.load(read("collector.yaml")) as any;

  it("reads rotated files too, from their beginning, and remembers how far it came", () => {
    expect(collector.receivers.file_log).to.include({
      start_at: "beginning",
      storage: "file_storage",
    });
    expect(collector.receivers.file_log.include).to.deep.equal(["/var/log/nginx/access.log*"]);
    expect(collector.extensions.file_storage.directory).to.equal("/var/lib/otelcol-contrib");
  });

  it("sends lines as they are, and never gives up", () => {
    const { endpoint, log_format, retry_on_failure, sending_queue } = collector.exporters.sumologic;

    expect(endpoint).to.equal(["$", "{env:LOG_SOURCE_URL}"].join(""));
    expect(log_format).to.equal("text");
    expect(retry_on_failure).to.deep.equal({ enabled: true, max_elapsed_time: "0s" });
    expect(sending_queue).to.include({ enabled: true, storage: "file_storage" });
  });

  it("does not log at the level at which it would log the address", () => {
    expect(collector.service.telemetry.logs.level).to.equal("warn");
  });

  it("keeps what it read from being lost when it is killed", () => {
    expect(read("otelcol-contrib.service")).to.include(
      "--feature-gates=stanza.synchronousLogEmitter",
    );
  });
});
