import { readFileSync } from "node:fs";
import { join } from "node:path";

const folder = "/usr/local/lib/web-server";

/** The folder on the instance for each file of this folder. */
const places = {
  "nginx.conf": folder,
  "demo-api.py": folder,
  "set-up.sh": folder,
  "collector.yaml": "/etc/otelcol-contrib",
  "demo-api.service": "/etc/systemd/system",
  "heartbeat.service": "/etc/systemd/system",
  "heartbeat.timer": "/etc/systemd/system",
  "otelcol-contrib.service": "/etc/systemd/system",
};

/**
 * The user data of an instance with Amazon Linux 2023. At the first boot, cloud-init writes the files and
 * runs set-up.sh. `logSourceUrl`, the URL that the access log is sent to, is the only credential on the
 * instance. JSON is valid YAML: https://cloudinit.readthedocs.io/en/latest/reference/examples.html
 */
export function webServerUserData(logSourceUrl: string): string {
  const files = Object.entries(places).map(([name, place]) => ({
    path: `${place}/${name}`,
    content: readFileSync(join(__dirname, name), "utf8"),
  }));
  const environment = {
    path: "/etc/otelcol-contrib/environment",
    permissions: "0600",
    content: `LOG_SOURCE_URL=${logSourceUrl}\n`,
  };
  const config = {
    write_files: [...files, environment],
    runcmd: [["bash", `${folder}/set-up.sh`]],
  };
  return `#cloud-config\n${JSON.stringify(config)}\n`;
}
