interface Entry {
  readonly integrity?: string;
  readonly resolved?: string;
  readonly link?: boolean;
}

export function unpinnedPackages(lockfile: {
  readonly packages: Readonly<Record<string, Entry>>;
}): string[];
