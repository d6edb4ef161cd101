import { ownSettings, type SettingValue } from "../../infra/settings.ts";
import { nameProblems, stackNames } from "../../infra/stack-names.ts";
import { bootstrapNames } from "./stack-names.ts";

/** What the pipeline deploys, for whom, and where. The keys' meaning and defaults stand in Pulumi.yaml. */
export interface Settings {
  readonly subjectPrefix: string;
  readonly repositoryId: string;
  readonly project: string;
  readonly stack: string;
  readonly functionName: string;
  readonly branch: string;
  readonly environment: string;
  readonly instanceId?: string;
  readonly instanceType: string;
  readonly vpcId?: string;
  readonly oidcProviderArn?: string;
  readonly defaultTags: boolean;
}

/** What each setting must look like, and how that is said; the optional ones may also be empty. */
const forms: Readonly<Record<keyof Settings, readonly [RegExp, string]>> = {
  // Repositories created since July 2026 have ids behind their names:
  // https://docs.github.com/en/actions/reference/security/oidc
  subjectPrefix: [
    /^repo:[\w.-]+(@\d+)?\/[\w.-]+(@\d+)?$/,
    "repo:OWNER@ID/NAME@ID, or repo:OWNER/NAME for an older repository",
  ],
  repositoryId: [/^[1-9]\d{0,19}$/, "the repository's id, digits alone"],
  // Pulumi's own limits. Names that contain them have narrower limits.
  project: [/^[\w.-]{1,100}$/, "1 to 100 letters, digits and - _ ."],
  stack: [/^[\w.-]{1,100}$/, "1 to 100 letters, digits and - _ ."],
  functionName: [/^[\w-]{1,64}$/, "1 to 64 letters, digits, - or _"],
  branch: [/^[\w./-]{1,200}$/, "the name of one branch, without wildcards"],
  environment: [/^[\w.-]{1,100}$/, "the name of one environment of letters, digits and - _ ."],
  instanceId: [/^(i-([0-9a-f]{8}|[0-9a-f]{17}))?$/, "i- and 8 or 17 hexadecimal digits"],
  instanceType: [/^[a-z0-9-]+\.[a-z0-9-]+$/, "one type of instances, for example t3.micro"],
  vpcId: [/^(vpc-([0-9a-f]{8}|[0-9a-f]{17}))?$/, "vpc- and 8 or 17 hexadecimal digits"],
  oidcProviderArn: [
    /^(arn:aws[\w-]*:iam::\d{12}:oidc-provider\/token\.actions\.githubusercontent\.com)?$/,
    "arn:aws:iam::ACCOUNT:oidc-provider/token.actions.githubusercontent.com",
  ],
  defaultTags: [/^(true|false)$/, "true or false"],
};

/** Reads the settings. Throws one error that names every one that is missing, wrong or unknown. */
export function readSettings(): Settings {
  return parseSettings(ownSettings());
}

/** The settings of these values; see `readSettings`. An empty text is an absent setting. */
export function parseSettings(values: ReadonlyMap<string, SettingValue>): Settings {
  const problems: string[] = [];
  for (const [key, [form, expected]] of Object.entries(forms)) {
    const value = values.get(key)?.text ?? "";
    if (form.test(value)) continue;
    const got = value === "" ? "is missing" : `got ${JSON.stringify(value)}`;
    problems.push(`${key}: ${got}; expected ${expected}`);
  }
  problems.push(
    ...repositoryProblems(values.get("subjectPrefix")?.text, values.get("repositoryId")?.text),
  );
  const [project = "", stack = ""] = ["project", "stack"].map((key) => values.get(key)?.text);
  if (forms.project[0].test(project) && forms.stack[0].test(stack)) {
    const keys = { project: "project", stack: "stack" };
    problems.push(...nameProblems({ project, stack }, [...stackNames, ...bootstrapNames], keys));
  }
  for (const key of values.keys()) {
    if (key in forms) continue;
    problems.push(`${key}: no such setting; known are ${Object.keys(forms).join(", ")}`);
  }
  if (problems.length > 0) {
    throw new Error(
      `The settings of bootstrap are wrong:\n- ${problems.join("\n- ")}\n` +
        "Set them with `pulumi -C bootstrap config set KEY VALUE`.",
    );
  }
  const set = [...values].filter(([, { text }]) => text !== "");
  const texts = Object.fromEntries(set.map(([key, { text }]) => [key, text]));
  return { ...texts, defaultTags: texts.defaultTags === "true" } as unknown as Settings;
}

/** `OWNER/NAME` of a subject prefix, without ids: only `sub` has them. */
export function repositoryIn(subjectPrefix: string): string {
  return subjectPrefix.replace(/^repo:/, "").replaceAll(/@\d+/g, "");
}

/** The two settings that name the repository must name the same one. */
function repositoryProblems(subjectPrefix = "", repositoryId = ""): string[] {
  const [, id] = /@(\d+)$/.exec(subjectPrefix) ?? [];
  if (id === undefined || id === repositoryId || repositoryId === "") return [];
  return [
    `repositoryId: got ${JSON.stringify(repositoryId)}; expected ${id}, as subjectPrefix has it`,
  ];
}
