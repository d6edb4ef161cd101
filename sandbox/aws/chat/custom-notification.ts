/** A custom notification that Amazon Q Developer in chat applications accepts. */
export interface CustomNotification {
  readonly version: "1.0";
  readonly source: "custom";
  readonly id?: string;
  readonly content: {
    readonly textType?: "client-markdown";
    readonly title?: string;
    readonly description: string;
    readonly nextSteps?: readonly string[];
    readonly keywords?: readonly string[];
  };
  readonly metadata?: {
    readonly threadId?: string;
    readonly summary?: string;
    readonly eventType?: string;
    readonly relatedResources?: readonly string[];
    readonly additionalContext?: Readonly<Record<string, string>>;
  };
}

/** What is wrong with a value, with its path; nothing if it is valid. */
type Check = (value: unknown, path: string) => string[];

/** The whole message, in bytes: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const largestMessage = 256 * 1_024;

/**
 * The schema, with the lengths of title and description, in characters. AWS names no other length, and says
 * nothing about further members: here they are refused.
 * https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
 */
const notification = object(
  {
    version: oneOf("1.0"),
    source: oneOf("custom"),
    id: text(),
    content: object(
      {
        textType: oneOf("client-markdown"),
        title: text(250),
        description: text(8_000),
        nextSteps: listOfText,
        keywords: listOfText,
      },
      ["description"],
    ),
    metadata: object({
      threadId: text(),
      summary: text(),
      eventType: text(),
      relatedResources: listOfText,
      additionalContext: mapOfText,
    }),
  },
  ["version", "source", "content"],
);

/**
 * The notification in a message of a topic, or why Amazon Q drops the message. Amazon Q reports nothing to the
 * topic or the sender.
 */
export function readNotification(
  message: string,
): { notification: CustomNotification } | { dropped: string } {
  if (Buffer.byteLength(message) > largestMessage) return { dropped: "more than 256 KiB" };
  let value: unknown;
  try {
    value = JSON.parse(message);
  } catch {
    return { dropped: "not JSON" };
  }
  const problems = notification(value, "");
  if (problems.length > 0) return { dropped: problems.join("; ") };
  return { notification: value as CustomNotification };
}

function object(members: Readonly<Record<string, Check>>, required: readonly string[] = []): Check {
  return (value, path) => {
    if (!isObject(value)) return [`${path || "the message"} is not an object`];
    const at = (key: string) => (path === "" ? key : `${path}.${key}`);
    return [
      ...required.filter((key) => !Object.hasOwn(value, key)).map((key) => `${at(key)} is missing`),
      ...Object.entries(value).flatMap(([key, it]) =>
        Object.hasOwn(members, key)
          ? (members[key]?.(it, at(key)) ?? [])
          : [`${at(key)} is not in the schema`],
      ),
    ];
  };
}

function oneOf(expected: string): Check {
  return (value, path) =>
    value === expected ? [] : [`${path} is ${JSON.stringify(value)} instead of "${expected}"`];
}

/** A string that is not empty. */
function text(longest = Number.POSITIVE_INFINITY): Check {
  return (value, path) => {
    if (typeof value !== "string" || value === "") return [`${path} is not a string with text`];
    return value.length > longest ? [`${path} has more than ${longest} characters`] : [];
  };
}

function listOfText(value: unknown, path: string): string[] {
  if (!Array.isArray(value)) return [`${path} is not a list`];
  return value.flatMap((it, index) => text()(it, `${path}[${index}]`));
}

function mapOfText(value: unknown, path: string): string[] {
  if (!isObject(value)) return [`${path} is not an object`];
  return Object.entries(value).flatMap(([key, it]) => text()(it, `${path}.${key}`));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
