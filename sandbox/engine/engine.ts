import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type ConfigMap,
  type EngineEvent,
  LocalWorkspace,
  type PolicyEvent,
  PulumiCommand,
  type Stack,
} from "@pulumi/pulumi/automation/index.js";
import { separateConnections } from "./connections.ts";
import { reloadProgram } from "./program.ts";

const root = join(import.meta.dirname, "..", "..");
/** The project's name in Pulumi.yaml, which settings carry as their namespace. */
export const projectName = "reboot-automation";
const ownProgram = "index.ts";
const ownPack = join(root, "policy", "bin", "pack.js");

/** What one run of the engine did. */
export interface EngineRun {
  /** Operation (`create`, `same`, …) → how many resources. */
  readonly changes: Readonly<Record<string, number>>;
  /** Each mandatory or advisory finding of a policy pack, as text. */
  readonly violations: readonly string[];
  /** The same with what the engine knows of each. */
  readonly findings: readonly Finding[];
}

/** A finding of a policy pack. */
export interface Finding {
  readonly rule: string;
  readonly level: "mandatory" | "advisory";
  /** The resource's type token; empty for a finding of the whole stack. */
  readonly type: string;
  readonly message: string;
}

/** A run that the engine ended with errors; findings may be the reason. */
export class EngineError extends Error {
  readonly violations: readonly string[];
  readonly findings: readonly Finding[];
  /** What the engine reports, without the findings. */
  readonly reasons: readonly string[];

  constructor(findings: readonly Finding[], reasons: readonly string[]) {
    const violations = findings.map(({ message }) => message);
    super([...violations, ...reasons].join("\n"));
    this.violations = violations;
    this.findings = findings;
    this.reasons = reasons;
  }
}

/** What one run does otherwise than the others of its engine. */
export interface PackOptions {
  /** The configuration of the policy pack, as the path of a file. */
  readonly policyPackConfig?: string;
}

export interface Engine {
  readonly stack: Stack;
  preview(options?: PackOptions): Promise<EngineRun>;
  up(options?: PackOptions): Promise<EngineRun>;
  /** Writes what AWS and Sumo Logic have now into the state. */
  refresh(): Promise<EngineRun>;
  destroy(): Promise<EngineRun>;
  /** Stops the engine's current run; used when this process is asked to end. */
  abort(): void;
}

/**
 * Creates a stack that runs a program of this repository with the real Pulumi engine, by the
 * Automation API, with state in files below `folder`. `providers` are the ports of the running
 * providers by package name. This repository's program with its policy pack comes with the pack's
 * configuration, any other pair without one.
 */
export async function createEngine({
  pulumi,
  folder,
  program = ownProgram,
  project,
  config,
  providers,
  policyPack = ownPack,
  policyPackConfig = program === ownProgram && policyPack === ownPack
    ? join(root, "policy-config.json")
    : undefined,
  load = reloadProgram,
  stackName = "sandbox",
  environment = {},
}: {
  pulumi: string;
  folder: string;
  program?: string;
  /** The folder of another project, with its Pulumi.yaml, and the name in there. */
  project?: { readonly name: string; readonly folder: string };
  config: ConfigMap;
  providers: Readonly<Record<string, number>>;
  policyPack?: string | null;
  policyPackConfig?: string;
  load?: (program: string) => Record<string, unknown>;
  stackName?: string;
  /** For the engine and the policy pack, beside what they need. */
  environment?: Readonly<Record<string, string>>;
}): Promise<Engine> {
  separateConnections();
  const workDir = project?.folder ?? join(folder, "project");
  for (const it of [workDir, join(folder, "backend")]) mkdirSync(it, { recursive: true });
  if (!project) {
    // A copy: the engine then applies its types and defaults, and writes nothing into the repository.
    writeFileSync(join(workDir, "Pulumi.yaml"), readFileSync(join(root, "Pulumi.yaml")));
  }
  const stack = await LocalWorkspace.createStack(
    { stackName, projectName: project?.name ?? projectName, program: async () => load(program) },
    {
      workDir,
      pulumiCommand: await PulumiCommand.get({ root: join(pulumi, "..", "..") }),
      envVars: {
        ...engineVariables(folder, providers),
        // The working folder is not the repository.
        ...(policyPack === ownPack && { POLICY_FOLDER: root }),
        ...environment,
      },
    },
  );
  await setAllConfig(stack, config);

  let running: AbortController | undefined;
  const policyPacks = policyPack === null ? [] : [policyPack];

  async function run(
    operation: (options: RunOptions) => Promise<unknown>,
    packConfig = policyPackConfig,
  ): Promise<EngineRun> {
    running = new AbortController();
    const watch = watchEvents(running);
    try {
      await operation({
        onEvent: watch.onEvent,
        signal: running.signal,
        policyPacks,
        policyPackConfigs: packConfig === undefined ? [] : [packConfig],
      });
    } catch (error) {
      const reasons = watch.errors.length > 0 ? watch.errors : [(error as Error).message];
      throw new EngineError(watch.findings, reasons);
    } finally {
      watch.stop();
      running = undefined;
    }
    const { changes, findings } = watch;
    return { changes, findings, violations: findings.map(({ message }) => message) };
  }

  return {
    stack,
    preview: (its) => run((options) => stack.preview(options), its?.policyPackConfig),
    up: (its) => run((options) => stack.up(options), its?.policyPackConfig),
    refresh: () => run(({ onEvent, signal }) => stack.refresh({ onEvent, signal })),
    destroy: () => run(({ onEvent, signal }) => stack.destroy({ onEvent, signal })),
    abort: () => running?.abort(),
  };
}

/** The environment of an engine with state in files below `folder` and these providers, by package. */
export function engineVariables(
  folder: string,
  providers: Readonly<Record<string, number>>,
): Record<string, string> {
  const attached = Object.entries(providers).map(([name, port]) => `${name}:${port}`);
  return {
    PULUMI_HOME: join(folder, "home"),
    PULUMI_BACKEND_URL: `file://${join(folder, "backend")}`,
    PULUMI_CONFIG_PASSPHRASE: "sandbox",
    PULUMI_DEBUG_PROVIDERS: attached.join(","),
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_SKIP_UPDATE_CHECK: "1",
  };
}

/**
 * `stack.setAllConfig`, but with the values in a variable in place of the CLI's arguments, which every
 * user of this machine can read. The variable is the CLI's option `--json`:
 * https://github.com/pulumi/pulumi/releases/tag/v3.208.0
 */
async function setAllConfig(stack: Stack, config: ConfigMap): Promise<void> {
  const { envVars } = stack.workspace;
  envVars.PULUMI_OPTION_JSON = JSON.stringify(config);
  await stack.setAllConfig({});
  delete envVars.PULUMI_OPTION_JSON;
}

interface RunOptions {
  readonly onEvent: (event: EngineEvent) => void;
  readonly signal: AbortSignal;
  readonly policyPacks: string[];
  readonly policyPackConfigs: string[];
}

/**
 * Collects what a run says. When a function cannot be serialized, the Automation API would wait for
 * ever; so an error that is not followed by the run's summary in 15 seconds aborts it.
 */
function watchEvents(controller: AbortController) {
  const errors: string[] = [];
  const findings: Finding[] = [];
  let changes: Record<string, number> = {};
  let timer: NodeJS.Timeout | undefined;
  return {
    errors,
    findings,
    get changes() {
      return changes;
    },
    onEvent(event: EngineEvent) {
      if (event.policyEvent) findings.push(findingOf(event.policyEvent));
      if (event.diagnosticEvent?.severity === "error") {
        errors.push(plain(event.diagnosticEvent.message));
        timer ??= setTimeout(() => controller.abort(), 15_000);
      }
      if (event.summaryEvent) {
        changes = event.summaryEvent.resourceChanges as Record<string, number>;
        clearTimeout(timer);
      }
    },
    stop: () => clearTimeout(timer),
  };
}

/** A finding, as the engine reports it. */
export function findingOf({
  policyName,
  enforcementLevel,
  resourceUrn = "",
  message,
}: PolicyEvent): Finding {
  return {
    rule: policyName,
    // A name of the Automation API alone: the engine calls them mandatory and advisory.
    level: enforcementLevel === "mandatory" ? "mandatory" : "advisory",
    // urn:pulumi:STACK::PROJECT::PARENT_TYPES$TYPE::NAME
    type: resourceUrn.split("::")[2]?.split("$").at(-1) ?? "",
    message: plain(message),
  };
}

/** A message of the engine without the marks of its colors. */
export function plain(message: string): string {
  return message.replaceAll(/<\{%[^%]*%\}>/g, "").trim();
}
