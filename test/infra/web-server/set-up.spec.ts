import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";

const files = join(import.meta.dirname, "..", "..", "..", "infra", "web-server");

/**
 * Runs set-up.sh with everything that it writes below a folder, and stand-in commands in place of
 * those that would change the machine. `curl` responds as the metadata service (only with its token)
 * and hands out the collector's archive.
 */
describe("set-up.sh", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "set-up-"));
    for (const folder of ["bin", "etc/nginx/conf.d", "usr/local/bin"]) {
      mkdirSync(join(root, folder), { recursive: true });
    }
    cpSync(files, join(root, "usr/local/lib/web-server"), { recursive: true });
  });
  afterEach(() => rmSync(root, { recursive: true }));

  function command(name: string, script: string) {
    const file = join(root, "bin", name);
    writeFileSync(file, `#!/bin/bash\n${script}\n`);
    chmodSync(file, 0o755);
  }

  /** Makes the archive, and returns its SHA-256. */
  function makeArchive(): string {
    writeFileSync(join(root, "otelcol-contrib"), "#!/bin/true\n");
    const archive = join(root, "archive.tar.gz");
    execFileSync("tar", ["-czf", archive, "-C", root, "otelcol-contrib"]);
    return createHash("sha256").update(readFileSync(archive)).digest("hex");
  }

  function run({ instanceId = "i-0123456789abcdef0", sha256 = "" } = {}) {
    const log = join(root, "log");
    writeFileSync(log, "");
    writeFileSync(join(root, "instance-id"), instanceId);
    for (const name of ["dnf", "systemctl", "nginx"]) command(name, `echo "${name} $*" >> ${log}`);
    command(
      "curl",
      `case "$*" in
        *"--request PUT"*"-ttl-seconds: 60"*"/latest/api/token") echo TOKEN;;
        *"X-aws-ec2-metadata-token: TOKEN"*"/latest/meta-data/instance-id") cat ${root}/instance-id;;
        *https://github.com/*/otelcol-contrib_*_linux_amd64.tar.gz)
          echo "curl \${*: -1}" >> ${log}
          cp ${root}/archive.tar.gz "$(basename "\${*: -1}")";;
        *) echo "unexpected: curl $*" >&2; exit 9;;
      esac`,
    );
    const pinned = /^collector_sha256=(\w+)$/m;
    const script = readFileSync(join(files, "set-up.sh"), "utf8")
      .replaceAll(/(?<=[ =>])(\/etc\/|\/usr\/local\/)/g, `${root}$1`)
      .replace(pinned, (line) => (sha256 ? `collector_sha256=${sha256}` : line));
    const { status, stderr } = spawnSync("bash", ["--norc", "-c", script], {
      encoding: "utf8",
      env: { HOME: root, PATH: `${join(root, "bin")}:${process.env.PATH}` },
    });
    const calls = readFileSync(log, "utf8").trim().split("\n");
    return { status, stderr, calls };
  }

  it("starts the web server, then installs and starts the collector", () => {
    const { status, stderr, calls } = run({ sha256: makeArchive() });

    expect(stderr).to.equal("");
    expect(status).to.equal(0);
    expect(calls).to.deep.equal([
      "dnf install --assumeyes nginx logrotate tar",
      "nginx -t",
      "systemctl daemon-reload",
      "systemctl enable --now demo-api.service nginx.service heartbeat.timer",
      "curl https://github.com/open-telemetry/opentelemetry-collector-releases/releases/download/v0.159.0/otelcol-contrib_0.159.0_linux_amd64.tar.gz",
      "systemctl enable --now otelcol-contrib.service",
    ]);
    expect(readFileSync(join(root, "usr/local/bin/otelcol-contrib"), "utf8")).to.equal(
      "#!/bin/true\n",
    );
    expect(readFileSync(join(root, "etc/nginx/nginx.conf"), "utf8")).to.equal(
      readFileSync(join(files, "nginx.conf"), "utf8"),
    );
  });

  it("has nginx log the instance's own id", () => {
    run({ sha256: makeArchive() });

    expect(readFileSync(join(root, "etc/nginx/conf.d/instance-id.conf"), "utf8")).to.equal(
      'map "" $instance_id { default "i-0123456789abcdef0"; }\n',
    );
  });

  it("does not start a collector whose archive is another than the pinned one", () => {
    makeArchive();

    const { status, calls } = run();

    expect(status).not.to.equal(0);
    expect(calls).to.include(
      "systemctl enable --now demo-api.service nginx.service heartbeat.timer",
    );
    expect(calls).not.to.include("systemctl enable --now otelcol-contrib.service");
  });

  for (const instanceId of ["", "<html>", 'i-0"; }']) {
    it(`stops at once when the metadata service returns ${JSON.stringify(instanceId)}`, () => {
      const { status, stderr, calls } = run({ instanceId, sha256: makeArchive() });

      expect(status).to.equal(1);
      expect(stderr).to.include("not an instance id");
      expect(calls).to.deep.equal([""]);
    });
  }
});
