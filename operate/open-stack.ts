import { type ConfigMap, LocalWorkspace, type OutputMap } from "@pulumi/pulumi/automation/index.js";
import { printError } from "./print.ts";

/** A stack of the project in the working folder, as it is deployed. */
export interface OpenStack {
  readonly name: string;
  readonly project: string;
  readonly outputs: OutputMap;
  /** Its settings, decrypted. */
  readonly config: ConfigMap;
  /** Where the AWS SDK finds it; credentials come from the environment. */
  readonly aws: { readonly region?: string; readonly profile?: string };
}

/** Opens the stack of this name, or the one that `pulumi stack select` chose. */
export async function openStack(wanted: string | undefined): Promise<OpenStack> {
  const workspace = await LocalWorkspace.create({ workDir: process.cwd() });
  const name = wanted ?? (await workspace.stack())?.name;
  if (!name) throw new Error("no stack is selected: name one, for example --stack dev");
  const { name: project } = await workspace.projectSettings();
  const outputs = await workspace.stackOutputs(name);
  const config = await workspace.getAllConfig(name);
  const [region, profile] = ["aws:region", "aws:profile"].map((key) => config[key]?.value);
  const aws = { ...(region && { region }), ...(profile && { profile }) };
  return { name, project, outputs, config, aws };
}

/** The string of an output. If there is none, the error says what to do. */
export function outputOf({ name, outputs }: OpenStack, output: string): string {
  const value = outputs[output]?.value;
  if (typeof value !== "string") {
    throw new Error(
      `the stack ${name} has no output ${output}: run \`pulumi up\` with this version`,
    );
  }
  return value;
}

/** The ids of a stack's instances: one, or those of a group. */
export type InstanceIds = readonly [string, ...string[]];

/** The instances of a stack with the setting `instanceIds`; undefined for a stack of one instance. */
export function groupOf({ outputs }: Pick<OpenStack, "outputs">): InstanceIds | undefined {
  return outputs.instanceIds?.value;
}

/** The stack's instances. Throws if it has no output that names them. */
export function instanceIdsOf(stack: OpenStack): InstanceIds {
  return groupOf(stack) ?? [outputOf(stack, "instanceId")];
}

/** The instance that `--instance` names. Throws if it is not one of the stack's. */
export function chosenInstance(instanceIds: InstanceIds, wanted: string): string {
  if (instanceIds.includes(wanted)) return wanted;
  throw new Error(
    `--instance: got ${JSON.stringify(wanted)}; expected an instance of the stack: ${instanceIds.join(", ")}`,
  );
}

/** The stack's quiet hours, if it has any. */
export function quietHoursOf({ outputs }: OpenStack): string | undefined {
  const text = outputs.quietHours?.value;
  return typeof text === "string" ? text : undefined;
}

/** Runs a command: its result is the exit code, and an error is printed in one line. */
export function runCommand(command: () => Promise<number>): void {
  command().then(
    (code) => process.exit(code),
    (error) => {
      printError(reasonOf(error));
      process.exit(1);
    },
  );
}

/** The error of the Pulumi CLI, without the rest of its output. */
function reasonOf({ message }: Error): string {
  if (message.includes("ENOENT")) {
    return "the Pulumi CLI is not on PATH: https://www.pulumi.com/docs/install/";
  }
  return /^.*\berror: .*$/m.exec(message)?.[0].trim() ?? message;
}
