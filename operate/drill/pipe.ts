import { DescribePipeCommand } from "@aws-sdk/client-pipes";
import type { Link } from "./link.ts";

/**
 * The last link of a stack with targets. A pipe that does not run reads nothing, so it loses no event that
 * an alarm could report, and chat and pager are silent.
 * https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_DescribePipe.html
 */
export const pipeLink: Link = {
  name: "the pipe that sends events to the targets runs",
  async check({ stack, pipes }) {
    const { CurrentState, StateReason } = await pipes.send(
      new DescribePipeCommand({ Name: stack.eventPipeName }),
    );
    if (CurrentState === "RUNNING") return `${stack.eventPipeName}`;
    const reason = StateReason ? ` (${StateReason})` : "";
    throw new Error(
      `${stack.eventPipeName} is ${CurrentState}${reason}; expected RUNNING: run \`pulumi up --refresh\``,
    );
  },
};
