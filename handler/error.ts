import { isRecord } from "./record.ts";

/** True for an error of this name; AWS's errors are told apart by theirs. */
export function isNamed(error: unknown, name: string): boolean {
  return isRecord(error) && error.name === name;
}

/** An error as one line of text: its name and message. */
export function errorText(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** An error of this name: subclasses lose their message when Pulumi serializes them. */
export function namedError(name: string, message: string): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}
