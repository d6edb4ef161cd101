import { chosenInstance, type InstanceIds } from "../open-stack.ts";

/**
 * The instance that `--reboot` is about, or undefined without it. In a group `--instance` must name it.
 * Throws what is wrong with the two options.
 */
export function instanceToReboot(
  { reboot, instance }: { reboot: boolean; instance?: string | undefined },
  instanceIds: InstanceIds,
): string | undefined {
  if (!reboot) {
    if (instance === undefined) return undefined;
    throw new Error("--instance: has no effect without --reboot; the drill checks every instance");
  }
  if (instance !== undefined) return chosenInstance(instanceIds, instance);
  const [only, ...others] = instanceIds;
  if (others.length === 0) return only;
  throw new Error(
    `--reboot: names no instance; expected --instance with one of ${instanceIds.join(", ")}`,
  );
}
