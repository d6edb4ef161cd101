import { expect } from "chai";
import { drill } from "../../../operate/drill/drill.ts";
import { pipeLink } from "../../../operate/drill/pipe.ts";
import { awsClient, errorOf, ports, stack } from "./support.ts";

/** Ports of a stack with targets, whose pipe EventBridge describes so. */
function withPipe(description: object) {
  const pipes = awsClient({ DescribePipeCommand: () => description });
  return ports({ stack: { ...stack, eventPipeName: "events-pipe" }, pipes });
}

describe("the drill of the pipe", () => {
  it("passes while the pipe runs", async () => {
    expect(await pipeLink.check(withPipe({ CurrentState: "RUNNING" }))).to.equal("events-pipe");
  });

  for (const [what, description, message] of [
    [
      "was stopped",
      { CurrentState: "STOPPED" },
      "events-pipe is STOPPED; expected RUNNING: run `pulumi up --refresh`",
    ],
    [
      "cannot read the stream",
      { CurrentState: "START_FAILED", StateReason: "Cannot access stream" },
      "events-pipe is START_FAILED (Cannot access stream); expected RUNNING: run `pulumi up --refresh`",
    ],
  ] as const) {
    it(`fails if the pipe ${what}`, async () => {
      expect(await errorOf(pipeLink.check(withPipe(description)))).to.equal(message);
    });
  }

  it("is only part of a stack with targets", async () => {
    const said: string[] = [];
    const options = {
      notify: false,
      reboot: undefined,
      ask: async () => "",
      say: (it: string) => void said.push(it),
    };

    await drill(ports(), options);
    expect(said.join()).not.to.include("pipe");
    await drill(withPipe({ CurrentState: "RUNNING" }), options);
    expect(said).to.include("✓ the pipe that sends events to the targets runs: events-pipe");
  });
});
