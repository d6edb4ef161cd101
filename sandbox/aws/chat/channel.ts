import { type CustomNotification, readNotification } from "./custom-notification.ts";

/** A message in a channel. */
export interface ChatMessage {
  readonly title: string;
  readonly description: string;
  readonly nextSteps: readonly string[];
}

/** The messages about one subject, the oldest first. */
export interface Thread {
  /** The notifications' `threadId`; a message without one has a separate thread. */
  readonly threadId?: string;
  readonly messages: readonly ChatMessage[];
}

/** A channel of Slack or Microsoft Teams as Amazon Q fills it from a topic. */
export class ChatChannel {
  /** Each message that Amazon Q dropped, with the reason. */
  readonly dropped: { readonly message: string; readonly reason: string }[] = [];
  private readonly all: { threadId?: string; messages: ChatMessage[] }[] = [];

  /** The threads, in the order of their first messages. */
  get threads(): readonly Thread[] {
    return this.all;
  }

  /** Accepts a message of the topic. */
  receive(message: string): void {
    const read = readNotification(message);
    if ("dropped" in read) {
      this.dropped.push({ message, reason: read.dropped });
      return;
    }
    const { threadId } = read.notification.metadata ?? {};
    const thread = threadId && this.all.find((it) => it.threadId === threadId);
    if (thread) thread.messages.push(messageOf(read.notification));
    else {
      this.all.push({ ...(threadId && { threadId }), messages: [messageOf(read.notification)] });
    }
  }
}

function messageOf({ content }: CustomNotification): ChatMessage {
  const { title = "", description, nextSteps = [] } = content;
  return { title, description, nextSteps };
}
