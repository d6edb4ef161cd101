import { valueAt } from "./json-path.ts";

/** EventBridge's limit for both kinds of templates, in characters. */
const longestTemplate = 8_192;

/** The value of a placeholder; `undefined` if the event has none. Throws for an unknown placeholder. */
type ReadValue = (placeholder: string) => unknown;

/** The input transformer of a rule's target. */
export interface InputTransformer {
  readonly InputPathsMap?: Readonly<Record<string, string>>;
  readonly InputTemplate: string;
}

/**
 * The JSON that a pipe sends for a record: the template with the record's values in place of `<$.path>`.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-input-transformation.html
 */
export function pipeInput(template: string, record: unknown): string {
  return fill(template, (placeholder) => valueAt(placeholder, record));
}

/**
 * The JSON that a rule sends for an event: the template with the event's values in place of `<name>`.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
export function targetInput(
  { InputPathsMap = {}, InputTemplate }: InputTransformer,
  event: unknown,
): string {
  return fill(InputTemplate, (placeholder) => {
    const path = InputPathsMap[placeholder];
    if (path === undefined) {
      const names = Object.keys(InputPathsMap).join(", ") || "none";
      throw new Error(`unknown placeholder <${placeholder}>; the input paths are: ${names}`);
    }
    return valueAt(path, event);
  });
}

/**
 * Outside of a string a value becomes JSON; within a string it is inserted as it is, unescaped. A variable
 * without a value does not appear in the output. Throws if the result is not JSON, so a missing value is an
 * error except within a string.
 */
function fill(template: string, read: ReadValue): string {
  if (template.length > longestTemplate) {
    throw new Error(`input template too long: got ${template.length}; at most ${longestTemplate}`);
  }
  if (!/^\s*[{[]/.test(template)) {
    throw new Error("unsupported input template: expected a JSON object or list");
  }
  const insert = (placeholder: string, isInString: boolean) => {
    const value = read(placeholder);
    if (value === undefined) return "";
    if (!isInString) return JSON.stringify(value);
    return typeof value === "string" ? value : JSON.stringify(value).replaceAll('"', "");
  };
  const filled = template.replace(/"(?:[^"\\]|\\.)*"|<([^<>]*)>/g, (part, placeholder) =>
    placeholder === undefined
      ? part.replace(/<([^<>]*)>/g, (_, inner) => insert(inner, true))
      : insert(placeholder, false),
  );
  try {
    JSON.parse(filled);
  } catch (error) {
    throw new Error(`the filled input template is not JSON: ${(error as Error).message}`);
  }
  return filled;
}
