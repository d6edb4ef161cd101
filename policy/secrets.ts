import { countCompared } from "./comparisons.ts";

/** What the engine marked as secret in this run. The engine starts a process for each run of a pack. */
let secrets = new Set<string>();

/** Shorter values are parts of secrets by chance. */
const shortestPart = 4;

/** Begins a run. */
export function startSecrets(): void {
  secrets = new Set();
}

export function keepSecret(text: string): void {
  secrets.add(text);
}

/** True if a value is, or is part of, something that the engine marked as secret. */
export function isSecret(text: string): boolean {
  if (secrets.has(text)) return true;
  if (text.length < shortestPart) return false;
  for (const it of secrets) {
    countCompared(it.length);
    if (it.includes(text)) return true;
  }
  return false;
}
