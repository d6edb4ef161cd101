import type { ConfigMap } from "@pulumi/pulumi/automation/index.js";
import { type Mailbox, openMailbox } from "../aws/mail.ts";
import type { Engine } from "../engine/engine.ts";
import { type Environment, startEnvironment } from "../environment.ts";
import { describe, expectReboots, summary } from "./evidence.ts";
import { StackClient, type StackOutputs, stackOutputs } from "./stack-client.ts";
import { expect, type Step } from "./steps.ts";

/** The steps from the first log line to the last e-mail; `--keep` waits between `main` and `end`. */
export interface Scenario {
  readonly main: readonly Step[];
  readonly end: readonly Step[];
  /** The running environment and the stack's outputs, once there are any. */
  readonly state: Partial<Running>;
  stop(): Promise<void>;
}

/** What the steps of every scenario use, once the stack is deployed. */
export interface Running {
  environment: Environment;
  engine: Engine;
  stack: StackOutputs;
  client: StackClient;
  mailbox: Mailbox;
}

/** What a scenario needs of this machine: the set-up's tools, and a folder for everything that it writes. */
export interface Tools {
  readonly pulumi: string;
  readonly python: string;
  readonly folder: string;
}

interface EngineOptions {
  readonly settings: ConfigMap;
  readonly policyPackConfig: string;
}

export interface StackOptions {
  readonly tools: Tools;
  /** How far behind the sandbox's clock starts: the scenario advances it by less than that. */
  readonly minutesAgo: number;
  /** The function requests minutes between two checks: too long to wait for here. */
  readonly longestDelaySeconds: number;
  /** The options of the stack's engine, asked for once the environment runs. */
  engineOptions?(): EngineOptions;
  /** The instances that are there before the stack and stay after it. */
  existingInstances?(): readonly string[];
}

/** The steps that every scenario begins and ends with. */
export interface StackSteps {
  readonly state: Partial<Running>;
  /** The same, for steps after the deployment. */
  running(): Running;
  readonly start: Step;
  readonly deploy: readonly Step[];
  readonly anotherInstance: Step;
  readonly unchanged: Step;
  readonly destroy: Step;
  stop(): Promise<void>;
}

/** Steps that start the environment, deploy a stack, find it unchanged, and destroy it. */
export function createStackSteps({
  tools,
  minutesAgo,
  longestDelaySeconds,
  engineOptions,
  existingInstances = () => [],
}: StackOptions): StackSteps {
  const state: Partial<Running> = {};
  const running = () => state as Running;

  return {
    state,
    running,
    start: {
      name: "the AWS emulator with IAM enforced, Sumo Logic and the providers start",
      async run() {
        state.environment = await startEnvironment({ ...tools, minutesAgo });
        return [
          `AWS at ${state.environment.aws.endpoint}, Sumo Logic at ${state.environment.sumoLogic.apiUrl}`,
          `the sandbox's clock starts ${minutesAgo} minutes ago, so that it can be advanced`,
        ];
      },
    },
    deploy: [
      {
        name: "pulumi preview with the policy pack has no findings",
        async run() {
          state.engine = await running().environment.createEngine(engineOptions?.());
          const preview = await state.engine.preview();
          expect(preview.violations.length === 0, preview.violations.join("\n"));
          return [summary(preview)];
        },
      },
      {
        name: "pulumi up creates the stack",
        async run() {
          const { engine, environment } = running();
          const up = await engine.up();
          environment.gateway.longestDelaySeconds = longestDelaySeconds;
          state.stack = stackOutputs(await engine.stack.outputs());
          state.mailbox = await openMailbox(environment.aws, state.stack.topicArn);
          state.client = new StackClient(environment, state.stack);
          const { instanceIds, functionName, functionUrl } = state.stack;
          return [summary(up), [...instanceIds, functionName, functionUrl].join(", ")];
        },
      },
    ],
    anotherInstance: {
      name: "another instance with the function's role: IAM denies it",
      async run() {
        const { client } = running();
        const { instanceId, error } = await client.rebootAnotherInstance();
        expect(error === "UnauthorizedOperation", `EC2 responded with ${error || "success"}`);
        const [denied] = expectReboots(client.newReboots(), 1);
        expect(denied?.instanceIds.join() === instanceId, "the call was for another instance");
        return [describe(denied)];
      },
    },
    unchanged: {
      name: "pulumi preview, refresh and up again, with the policy pack: no findings, no changes",
      async run() {
        const { engine } = running();
        const evidence: string[] = [];
        for (const command of ["preview", "refresh", "preview", "up"] as const) {
          const done = await engine[command]();
          expect(done.violations.length === 0, done.violations.join("\n"));
          expect(Object.keys(done.changes).join() === "same", `${command}: ${summary(done)}`);
          evidence.push(`${command}: ${summary(done)}`);
        }
        return evidence;
      },
    },
    destroy: {
      name: "pulumi destroy leaves nothing",
      async run() {
        const { engine, client } = running();
        const destroyed = await engine.destroy();
        const existed = existingInstances().map((id) => `instance ${id}`);
        const left = await client.leftovers();
        const added = left.filter((it) => !existed.includes(it));
        expect(added.length === 0, `left: ${added.join(", ")}`);
        const gone = existed.filter((it) => !left.includes(it));
        expect(gone.length === 0, `gone: ${gone.join(", ")}`);
        return [summary(destroyed), ...existed.map((it) => `${it} was there before, and stays`)];
      },
    },
    async stop() {
      state.mailbox?.stop();
      await state.environment?.stop();
    },
  };
}
