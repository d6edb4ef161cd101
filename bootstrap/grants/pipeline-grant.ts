import type { Grant } from "../../infra/grants.ts";

/** A statement of a role of the pipeline. */
export interface PipelineGrant extends Grant {
  /**
   * Who says that the real AWS provider needs it, for actions that the runs of the tests never call:
   * a public address. Without it a run uses the statement.
   */
  readonly source?: string;
}
