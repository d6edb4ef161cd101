export const root: string;
export const nodeVersion: string;
export const pulumiVersion: string;
export const pulumiFolder: string;

type Say = (line: string) => void;
export function isNodeNewEnough(version: string): boolean;
export function ensureNode(say: Say): Promise<string>;
export function ensurePackages(say: Say, node: string): Promise<void>;
export function ensurePulumi(say: Say): Promise<string>;
export function ensureOfficialPulumi(say: Say): Promise<string>;
export function ensureLocked(say: Say, what: string, name: string, source: string): Promise<string>;
export function ensureEmulator(say: Say): Promise<string>;
export function ensureVenv(
  say: Say,
  name: string,
  what: string,
  requirements: string,
): Promise<string>;
export function ensureActionlint(say: Say): Promise<string | undefined>;
export function onceFor(
  marker: string,
  content: string | Buffer,
  install: () => unknown,
): Promise<void>;
