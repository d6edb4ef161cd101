import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { freePort } from "../http.ts";
import { waitFor } from "../wait.ts";

const templates = join(import.meta.dirname, "..", "..", "infra", "web-server");

export interface WebServer {
  readonly port: number;
  /** The file that nginx writes its access log to. */
  readonly accessLog: string;
  /** Ends the service behind nginx, which then responds with 502. */
  stopService(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Runs the web server of infra/web-server/ on free loopback ports: the real nginx with the
 * template's configuration, and the demonstration service. Everything it writes is in `folder`.
 * Throws before it starts anything if nginx is missing.
 */
export async function runWebServer(options: {
  nginx: string;
  python: string;
  folder: string;
  instanceId: string;
}): Promise<WebServer> {
  const { nginx, python, folder, instanceId } = options;
  if (spawnSync(nginx, ["-v"], { stdio: "ignore" }).error) {
    throw new Error(
      `nginx cannot be started: got "${nginx}"; expected nginx on PATH, or its path in SANDBOX_NGINX`,
    );
  }
  const service = await startDemoApi(python);
  const port = await freePort();
  const configuration = writeConfiguration(folder, {
    port,
    servicePort: service.port,
    instanceId,
  });
  const server = spawn(nginx, ["-p", folder, "-c", configuration, "-g", "daemon off;"], {
    stdio: "inherit",
  });
  await waitForPort(port);
  return {
    port,
    accessLog: join(folder, "access.log"),
    stopService: service.stop,
    async stop() {
      await Promise.all([service.stop(), endProcess(server)]);
    },
  };
}

/** Runs the demonstration API alone, on a free loopback port. */
export async function startDemoApi(python: string) {
  const port = await freePort();
  const child = spawn(python, [join(templates, "demo-api.py"), String(port)], { stdio: "inherit" });
  await waitForPort(port);
  return { port, stop: () => endProcess(child) };
}

/** The template with other places: loopback, free ports, and files below `folder`. */
export function writeConfiguration(
  folder: string,
  { port, servicePort, instanceId }: { port: number; servicePort: number; instanceId: string },
): string {
  mkdirSync(join(folder, "conf.d"), { recursive: true });
  writeFileSync(
    join(folder, "conf.d", "instance-id.conf"),
    `map "" $instance_id { default "${instanceId}"; }\n`,
  );
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${folder}/tmp-${name};`,
  );
  const places = [
    ["user nginx;", ""],
    ["/run/nginx.pid", join(folder, "nginx.pid")],
    ["/var/log/nginx/", `${folder}/`],
    ["http {", `http { ${temporary.join(" ")}`],
    ["listen 80 default_server", `listen 127.0.0.1:${port} default_server`],
    ["http://127.0.0.1:8080", `http://127.0.0.1:${servicePort}`],
  ] as const;
  let text = readFileSync(join(templates, "nginx.conf"), "utf8");
  for (const [from, to] of places) {
    if (!text.includes(from)) throw new Error(`infra/web-server/nginx.conf has no "${from}"`);
    text = text.replaceAll(from, to);
  }
  const file = join(folder, "nginx.conf");
  writeFileSync(file, text);
  return file;
}

/** Waits until something listens on a loopback port. */
export async function waitForPort(port: number): Promise<void> {
  const isOpen = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1");
      socket.once("connect", () => socket.end(() => resolve(true)));
      socket.once("error", () => resolve(false));
    });
  await waitFor(`a server on port ${port}`, isOpen);
}

/** Sends SIGTERM and waits for the process to end. */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
}
