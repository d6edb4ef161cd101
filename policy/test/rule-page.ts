import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { specialArchiveSig, specialAssetSig, specialSigKey } from "@pulumi/pulumi/runtime/rpc.js";
import { policyFolder, type Resource, rules, startPack, unknown } from "./support.ts";

/** The page of a rule, as far as it can be run. */
export interface RulePage {
  /** The program of the example, and the lines that the rule prints for it. */
  readonly program: string;
  readonly printed: readonly string[];
  /** The program with the fix. */
  readonly fixed: string;
  /** Files in the program's folder, by name. policy-config.json is the pack's configuration. */
  readonly files: Readonly<Record<string, string>>;
  /** Files that the fix changes. */
  readonly fixedFiles: Readonly<Record<string, string>>;
}

export function readRulePage(name: string): RulePage {
  const text = readFileSync(join(policyFolder, "docs", "rules", `${name}.md`), "utf8");
  const [example = "", fix = ""] = text.split("\n## Fix\n");
  const block = (part: string, language: string) =>
    new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "ms").exec(part)?.[1] ?? "";
  const filesIn = (part: string) =>
    Object.fromEntries(
      [...part.matchAll(/^```json (\S+)\n(.*?)^```$/gms)].map(([, name = "", it = ""]) => [
        name,
        it,
      ]),
    );
  const program = block(example, "ts");
  return {
    program,
    printed: block(example, "text").trim().split("\n"),
    fixed: block(fix, "ts") || program,
    files: filesIn(example),
    fixedFiles: { ...filesIn(example), ...filesIn(fix) },
  };
}

/** What a rule prints for a program, in a first preview in which all values are known. */
export async function printedBy(
  rule: string,
  program: string,
  files: Readonly<Record<string, string>>,
): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "rule-page-"));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const config = files["policy-config.json"];
    const settings = config === undefined ? {} : JSON.parse(config);
    const pack = startPack({ rules, settings, folder });
    const resources = await resourcesOf(program, folder);
    const verdicts = [];
    for (const it of resources) verdicts.push(...(await pack.analyze(it)).verdicts);
    verdicts.push(...(await pack.analyzeStack(resources)).verdicts);
    const messages = verdicts
      .filter((it) => it.rule === rule)
      .map(({ message }) => message.replaceAll(folder, "/home/you/shop"));
    return [...new Set(messages)];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The resources that a program creates, as the engine sends them. */
async function resourcesOf(program: string, folder: string): Promise<Resource[]> {
  const created: Promise<Resource>[] = [];
  const outputs = { account: "111122223333", region: "us-east-1" };
  await pulumi.runtime.setMocks(
    {
      newResource({ type, name, inputs }) {
        const state = { ...inputs, name: inputs.name ?? name, ...arnOf(type, inputs.name ?? name) };
        created.push(sentOf(type, name, state));
        return { id: state.name, state };
      },
      call: () => outputs,
    },
    "shop",
    "dev",
    true,
  );
  const fs = {
    writeFileSync: (name: string, text: string) => writeFileSync(join(folder, name), text),
  };
  new Function("aws", "pulumi", "fs", program)(aws, pulumi, fs);
  await pulumi.runtime.disconnect();
  return (await Promise.all(created)).filter(({ type }) => !type.startsWith("pulumi:"));
}

async function sentOf(type: string, name: string, state: object): Promise<Resource> {
  return { type, name, props: (await encoded(state)) as Record<string, unknown> };
}

/** The ARN of a resource with this name, for types whose ARN examples use. */
function arnOf(type: string, name: string): { arn?: string } {
  const place = "us-east-1:111122223333";
  const forms: Readonly<Record<string, string>> = {
    "aws:dynamodb/table:Table": `arn:aws:dynamodb:${place}:table/${name}`,
    "aws:iam/role:Role": `arn:aws:iam::111122223333:role/${name}`,
    "aws:lambda/function:Function": `arn:aws:lambda:${place}:function:${name}`,
    "aws:s3/bucket:Bucket": `arn:aws:s3:::${name}`,
    "aws:sns/topic:Topic": `arn:aws:sns:${place}:${name}`,
    "aws:sqs/queue:Queue": `arn:aws:sqs:${place}:${name}`,
  };
  const arn = forms[type];
  return arn === undefined ? {} : { arn };
}

/** A value with its assets as the engine sends them. */
async function encoded(value: unknown): Promise<unknown> {
  if (Array.isArray(value)) return Promise.all(value.map(encoded));
  if (typeof value !== "object" || value === null) return value;
  if (value === pulumi.unknown) return unknown;
  if (pulumi.asset.Asset.isInstance(value)) {
    const { text } = value as pulumi.asset.StringAsset;
    return { [specialSigKey]: specialAssetSig, text: await text };
  }
  if (pulumi.asset.Archive.isInstance(value)) {
    const { assets } = value as pulumi.asset.AssetArchive;
    return { [specialSigKey]: specialArchiveSig, assets: await encoded(await assets) };
  }
  const entries = Object.entries(value).map(async ([name, it]) => [name, await encoded(it)]);
  return Object.fromEntries(await Promise.all(entries));
}
