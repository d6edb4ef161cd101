/** One whole hash and nothing else: npm skips what is malformed, and then compares with a weaker hash or with none. */
const sha512 = /^sha512-[\w+/]{86}==$/;

/**
 * The packages of a package-lock.json, given as parsed JSON, whose bytes it does not pin: each with what is
 * wrong, for example `node_modules/chai: no sha512 integrity`. Workspaces, local folders and links to them
 * have no bytes to pin. A host in `resolved` would tie everyone to one registry.
 */
export function unpinnedPackages(lockfile) {
  return Object.entries(lockfile.packages)
    .filter(([path, entry]) => path.includes("node_modules/") && !entry.link)
    .flatMap(([path, { integrity, resolved }]) => {
      if (!sha512.test(integrity ?? "")) return [`${path}: no sha512 integrity`];
      return resolved === undefined ? [] : [`${path}: resolved names a registry`];
    });
}
