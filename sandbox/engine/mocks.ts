import { createRequire } from "node:module";

/** The instance of the SDK that a program loaded by `loadProgram` has. */
export const pulumi = createRequire(import.meta.url)(
  "@pulumi/pulumi",
) as typeof import("@pulumi/pulumi");

/** A resource that a program registered with Pulumi's mocks. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: inputs are as many shapes as there are types
  readonly inputs: any;
}

/** The value of an output, once it has one. */
export function valueOfOutput<T>(output: import("@pulumi/pulumi").Input<T>): Promise<T> {
  return new Promise((resolve) => {
    pulumi.output(output).apply((value) => resolve(value as T));
  });
}
