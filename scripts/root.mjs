import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's top folder, absolute. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Where the set-up installs what belongs to this checkout alone. */
export const toolsFolder = join(root, ".tools");
