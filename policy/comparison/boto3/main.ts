// `npm run boto3`: writes policy/data/boto3.ts from the version of boto3 in policy/comparison/requirements.txt.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { moduleText } from "./module.ts";
import { readNames } from "./names.ts";

const file = join(import.meta.dirname, "..", "..", "data", "boto3.ts");
writeFileSync(file, moduleText(await readNames()));
