export const functionName = "Pacerpro-Reboot-Automation";
export const roleName = "reboot-automation-dev-reboot-role";

/** A change in the AWS console that a refresh can detect. */
export interface ManualChange {
  readonly title: string;
  /** The resource as a refresh lists it: type and name. */
  readonly resource: readonly [type: string, name: string];
  /** Applies the change. */
  change(): Promise<unknown>;
  /** What AWS has: the same before the change and after the repair. */
  read(): Promise<unknown>;
}

/** What the deployed stack must have. */
export function found<T>(it: T | undefined): T {
  if (it === undefined) throw new Error("the stack must be deployed before it is changed");
  return it;
}
