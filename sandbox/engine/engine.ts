import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type ConfigMap,
  type EngineEvent,
  LocalWorkspace,
  PulumiCommand,
  type Stack,
} from "@pulumi/pulumi/automation/index.js";
import { reloadProgram } from "./program.ts";

const root = join(import.meta.dirname, "..", "..");
/** The project's name in Pulumi.yaml, which settings carry as their namespace. */
export const projectName = "reboot-automation";
const ownProgram = "index.ts";
const ownPack = join(root, "policy");

/** What one run of the engine did. */
export interface EngineRun {
  /** Operation (`create`, `same`, …) → how many resources. */
  readonly changes: Readonly<Record<string, number>>;
  /** Each mandatory or advisory finding of a policy pack, as text. */
  readonly violations: readonly string[];
}

/** A run that the engine ended with errors; `violations` may be the reason. */
export class EngineError extends Error {
  readonly violations: readonly string[];

  constructor(message: string, violations: readonly string[]) {
    super(message);
    this.violations = violations;
  }
}

export interface Engine {
  readonly stack: Stack;
  preview(): Promise<EngineRun>;
  up(): Promise<EngineRun>;
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
  config: ConfigMap;
  providers: Readonly<Record<string, number>>;
  policyPack?: string | null;
  policyPackConfig?: string;
  load?: (program: string) => Record<string, unknown>;
  stackName?: string;
  /** For the engine and the policy pack, beside what they need. */
  environment?: Readonly<Record<string, string>>;
}): Promise<Engine> {
  const workDir = join(folder, "project");
  for (const it of [workDir, join(folder, "backend")]) mkdirSync(it, { recursive: true });
  // A copy: the engine then applies its types and defaults, and writes nothing into the repository.
  writeFileSync(join(workDir, "Pulumi.yaml"), readFileSync(join(root, "Pulumi.yaml")));
  const attached = Object.entries(providers).map(([name, port]) => `${name}:${port}`);
  const stack = await LocalWorkspace.createStack(
    { stackName, projectName, program: async () => load(program) },
    {
      workDir,
      pulumiCommand: await PulumiCommand.get({ root: join(pulumi, "..", "..") }),
      envVars: {
        PULUMI_HOME: join(folder, "home"),
        PULUMI_BACKEND_URL: `file://${join(folder, "backend")}`,
        PULUMI_CONFIG_PASSPHRASE: "sandbox",
        PULUMI_DEBUG_PROVIDERS: attached.join(","),
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        PULUMI_SKIP_UPDATE_CHECK: "1",
        ...environment,
      },
    },
  );
  await setAllConfig(stack, config);

  let running: AbortController | undefined;
  const policyPacks = policyPack === null ? [] : [policyPack];
  const policyPackConfigs = policyPackConfig === undefined ? [] : [policyPackConfig];

  async function run(operation: (options: RunOptions) => Promise<unknown>): Promise<EngineRun> {
    running = new AbortController();
    const watch = watchEvents(running);
    try {
      await operation({
        onEvent: watch.onEvent,
        signal: running.signal,
        policyPacks,
        policyPackConfigs,
      });
    } catch (error) {
      const reasons = watch.errors.length > 0 ? watch.errors : [(error as Error).message];
      throw new EngineError([...watch.violations, ...reasons].join("\n"), watch.violations);
    } finally {
      watch.stop();
      running = undefined;
    }
    return { changes: watch.changes, violations: watch.violations };
  }

  return {
    stack,
    preview: () => run((options) => stack.preview(options)),
    up: () => run((options) => stack.up(options)),
    refresh: () => run(({ onEvent, signal }) => stack.refresh({ onEvent, signal })),
    destroy: () => run(({ onEvent, signal }) => stack.destroy({ onEvent, signal })),
    abort: () => running?.abort(),
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
  const violations: string[] = [];
  let changes: Record<string, number> = {};
  let timer: NodeJS.Timeout | undefined;
  return {
    errors,
    violations,
    get changes() {
      return changes;
    },
    onEvent(event: EngineEvent) {
      if (event.policyEvent) violations.push(plain(event.policyEvent.message));
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

function plain(message: string): string {
  return message.replaceAll(/<\{%[^%]*%\}>/g, "").trim();
}
