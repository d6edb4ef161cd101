/**
 * The packages of a package-lock.json, given as parsed JSON, whose bytes it does not pin: each with what is
 * wrong, for example `node_modules/chai: no sha512 integrity`. Workspaces, local folders and links to them
 * have no bytes to pin. A host in `resolved` would tie everyone to one registry.
 */
export function unpinnedPackages(lockfile) {
  return Object.entries(lockfile.packages)
    .filter(([path, entry]) => path.includes("node_modules/") && !entry.link)
    .flatMap(([path, { integrity, resolved }]) => {
      if (!integrity?.startsWith("sha512-")) return [`${path}: no sha512 integrity`];
      return resolved === undefined ? [] : [`${path}: resolved names a registry`];
    });
}
