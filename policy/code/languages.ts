import { javascript } from "./javascript/javascript.ts";
import type { Language } from "./language.ts";
import { python } from "./python/python.ts";

/** The language of a runtime, e.g. `python3.14`; JavaScript if the runtime is not known; undefined if its language is not read. */
export function languageOf(runtime: string | undefined): Language | undefined {
  if (runtime === undefined || /^nodejs/.test(runtime)) return javascript;
  return /^python/.test(runtime) ? python : undefined;
}
