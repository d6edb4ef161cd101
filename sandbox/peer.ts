import { readFileSync } from "node:fs";

/** The kernel's tables of TCP connections; those of IPv6 may have IPv4 addresses in them. */
const tables = ["/proc/net/tcp", "/proc/net/tcp6"];

/**
 * True if a connection between two ports of loopback was opened by another user of this machine, or if
 * nothing says by whom. Only Linux tells that without help; elsewhere it is always false.
 * https://docs.kernel.org/networking/proc_net_tcp.html
 */
export function isOtherUser(peerPort: number, port: number): boolean {
  if (process.platform !== "linux") return false;
  const uid = process.getuid?.();
  return !tables.some((it) => userOf(readFileSync(it, "utf8"), peerPort, port) === uid);
}

/** The id of the user whose socket at `localPort` is connected to `remotePort`, in such a table. */
export function userOf(table: string, localPort: number, remotePort: number): number | undefined {
  const hex = (port: number) => `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const fields = table
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .find(
      ([, local, remote]) => local?.endsWith(hex(localPort)) && remote?.endsWith(hex(remotePort)),
    );
  return fields && Number(fields[7]);
}
