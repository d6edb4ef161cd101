import { readFileSync } from "node:fs";

/** The kernel's tables of TCP connections; those of IPv6 may have IPv4 addresses in them. */
const tables = ["/proc/net/tcp", "/proc/net/tcp6"];

/** One end of a connection over IPv4. */
export interface End {
  /** For example `127.0.0.1`. */
  readonly address: string;
  readonly port: number;
}

/**
 * True if a connection from `peer` to `own` was opened by another user of this machine, or if
 * nothing says by whom. Only Linux reports that by itself; elsewhere it is always false.
 * https://docs.kernel.org/networking/proc_net_tcp.html
 */
export function isOtherUser(peer: End, own: End): boolean {
  if (process.platform !== "linux") return false;
  const uid = process.getuid?.();
  return !tables.some((it) => userOf(readFileSync(it, "utf8"), peer, own) === uid);
}

/**
 * The id of the user whose socket at `local` is connected to `remote`, in such a table. Ports alone do
 * not identify a connection: another user can connect from the same port of 127.0.0.2.
 */
export function userOf(table: string, local: End, remote: End): number | undefined {
  const [localHex, remoteHex] = [hexOf(local), hexOf(remote)];
  const fields = table
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .find(([, from, to]) => from?.endsWith(localHex) && to?.endsWith(remoteHex));
  return fields && Number(fields[7]);
}

/** An end as the tables write it: `127.0.0.1:80` is `0100007F:0050`. */
function hexOf({ address, port }: End): string {
  const hex = (number: number, digits: number) =>
    number.toString(16).toUpperCase().padStart(digits, "0");
  const bytes = address.split(".").map((it) => hex(Number(it), 2));
  return `${bytes.reverse().join("")}:${hex(port, 4)}`;
}
