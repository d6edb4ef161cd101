export function officialPulumi(
  say: (line: string) => void,
  options: {
    readonly version: string;
    readonly folder: string;
    readonly checksums: string;
    readonly origin?: string;
    readonly platform?: string;
  },
): Promise<boolean>;
