import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmodSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { freePort } from "../../../sandbox/http.ts";
import { nginxPath } from "../../../sandbox/web-server/record.ts";
import { endProcess, waitForPort } from "../../../sandbox/web-server/run.ts";
import { logsPageBlocks } from "../../logs-page.ts";

/** A web server on this machine that logs as documented in docs/logs.md. */
export interface LoggingServer {
  readonly port: number;
  /** Ends the server and returns its access log. */
  stop(): Promise<string[]>;
}

/** Debian's Apache: from PATH, or SANDBOX_APACHE if set. Empty if there is none. */
const apachePath = spawnSync("sh", [
  "-c",
  'command -v "$1"',
  "sh",
  process.env.SANDBOX_APACHE ?? "apache2",
])
  .stdout.toString()
  .trim();
const apacheFolder = join(dirname(apachePath), "..", "lib");
/** With the libraries next to an Apache that is unpacked but not installed. */
const apacheEnvironment = {
  ...process.env,
  LD_LIBRARY_PATH: globSync(join(apacheFolder, "*-linux-gnu")).join(":"),
};

export const hasNginx = spawnSync(nginxPath, ["-v"]).status === 0;
export const hasApache = apachePath !== "";

interface NginxOptions {
  readonly http?: string;
  readonly server: string;
  readonly field?: string;
}

const responseTime = '"response_time_s":"$upstream_response_time"';

/**
 * Runs nginx with the format in docs/logs.md, where `field` can replace `response_time_s`.
 * `http` is added to its block, `server` to its server.
 */
export function startNginx({ http = "", server, field = responseTime }: NginxOptions) {
  const [block = ""] = logsPageBlocks("nginx");
  const form = replaced(block, responseTime, field);
  const configuration = (folder: string, port: number) => `
    pid ${folder}/nginx.pid;
    error_log ${folder}/error.log;
    events {}
    http {
      ${["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((it) => `${it}_temp_path ${folder}/${it};`).join("\n")}
      ${replaced(form, "/var/log/nginx/access.log", `${folder}/access.log`)}
      ${http}
      server {
        listen 127.0.0.1:${port};
        ${server}
      }
    }`;
  return start(configuration, (folder, file) =>
    spawn(nginxPath, ["-p", folder, "-c", file, "-g", "daemon off;"], { stdio: "inherit" }),
  );
}

/** Runs Apache with the format in docs/logs.md; `directives` are added at the end. */
export function startApache(directives: string): Promise<LoggingServer> {
  const [form = ""] = logsPageBlocks("apache");
  const modules = [
    ...["mpm_event", "authz_core", "headers", "reqtimeout", "alias"],
    ...["proxy", "proxy_http", "proxy_balancer", "lbmethod_byrequests", "slotmem_shm"],
  ];
  const moduleFolder = join(apacheFolder, "apache2", "modules");
  const configuration = (folder: string, port: number) => `
    ServerRoot ${folder}
    DefaultRuntimeDir ${folder}
    PidFile ${folder}/apache.pid
    ErrorLog ${folder}/error.log
    ServerName localhost
    Listen 127.0.0.1:${port}
    ${modules.map((it) => `LoadModule ${it}_module ${moduleFolder}/mod_${it}.so`).join("\n")}
    ${replaced(form, "logs/access.json", `${folder}/access.log`)}
    ${directives}\n`;
  return start(configuration, (_, file) =>
    spawn(apachePath, ["-f", file, "-D", "FOREGROUND"], {
      env: apacheEnvironment,
      stdio: "inherit",
    }),
  );
}

async function start(
  configuration: (folder: string, port: number) => string,
  run: (folder: string, file: string) => ChildProcess,
): Promise<LoggingServer> {
  const folder = mkdtempSync(join(tmpdir(), "web-server-"));
  // Started by root, the workers run as another user and write temporary files.
  chmodSync(folder, 0o755);
  const port = await freePort();
  const file = join(folder, "web-server.conf");
  writeFileSync(file, configuration(folder, port));
  const child = run(folder, file);
  await waitForPort(port);
  return {
    port,
    async stop() {
      await endProcess(child);
      const lines = readFileSync(join(folder, "access.log"), "utf8").trim().split("\n");
      rmSync(folder, { recursive: true });
      return lines;
    },
  };
}

function replaced(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new Error(`docs/logs.md has a format without "${from}"`);
  return text.replaceAll(from, to);
}
