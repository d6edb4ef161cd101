import { expect } from "chai";
import { ChatChannel } from "../../../aws/chat/channel.ts";

function message(title: string, threadId?: string): string {
  return JSON.stringify({
    version: "1.0",
    source: "custom",
    content: { title, description: "why", nextSteps: ["do"] },
    ...(threadId && { metadata: { threadId } }),
  });
}

describe("ChatChannel", () => {
  it("has one thread for each threadId, in the order of the first messages", () => {
    const channel = new ChatChannel();

    for (const [title, threadId] of [
      ["first", "a"],
      ["second", "b"],
      ["third", "a"],
      ["alone", undefined],
      ["alone too", undefined],
    ] as const) {
      channel.receive(message(title, threadId));
    }

    expect(
      channel.threads.map(({ threadId, messages }) => [threadId, messages.map((it) => it.title)]),
    ).to.deep.equal([
      ["a", ["first", "third"]],
      ["b", ["second"]],
      [undefined, ["alone"]],
      [undefined, ["alone too"]],
    ]);
    expect(channel.threads[0]?.messages[0]).to.deep.equal({
      title: "first",
      description: "why",
      nextSteps: ["do"],
    });
  });

  it("keeps what Amazon Q drops, with the reason", () => {
    const channel = new ChatChannel();

    channel.receive("Rebooted EC2 instance");

    expect(channel.threads).to.deep.equal([]);
    expect(channel.dropped).to.deep.equal([
      { message: "Rebooted EC2 instance", reason: "not JSON" },
    ]);
  });
});
