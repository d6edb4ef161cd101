import type { Response } from "../../http.ts";
import type { ApiCall } from "../middleware/middleware.ts";
import type { Shape } from "./shapes.ts";

/** The input of an operation: JSON, checked by the operation's shape. */
// biome-ignore lint/suspicious/noExplicitAny: the operation's shape says what it is
export type Input = Record<string, any>;

/** One operation of a JSON API that the sandbox serves itself. */
export interface Operation {
  readonly input: Shape;
  /** The response's body. Throws `ServiceError`. */
  run(input: Input): unknown | Promise<unknown>;
  /** 200 if absent. */
  readonly status?: number;
}

/** What AWS responds if it refuses a call. */
export class ServiceError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/**
 * Responds to a call. A function's role is refused: no function of the program may call these services. `invalid` is the
 * code of the error for an input that its shape refuses.
 */
export async function respond(
  { caller, action }: Pick<ApiCall, "caller" | "action">,
  { input: shape, run, status = 200 }: Operation,
  input: Input,
  invalid = "ValidationException",
): Promise<Response> {
  try {
    if (caller.functionName !== undefined) {
      const message = `User: ${caller.role} is not authorized to perform: ${action}`;
      throw new ServiceError("AccessDeniedException", message, 403);
    }
    check(shape, input, invalid);
    return json(status, (await run(input)) ?? {});
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return failure(error);
  }
}

/** Throws AWS's error if the input is not of the shape. */
export function check(shape: Shape, input: Input, invalid = "ValidationException"): void {
  const problems = shape.problemsOf(input, "");
  if (problems.length === 0) return;
  const count = `${problems.length} validation error${problems.length === 1 ? "" : "s"} detected`;
  throw new ServiceError(invalid, `${count}: ${problems.join("; ")}`);
}

/** The response for an error. */
export function failure({ code, message, status }: ServiceError): Response {
  const { body, headers } = json(status, { __type: code, message });
  return { status, headers: { ...headers, "x-amzn-errortype": code }, body };
}

export function json(status: number, body: unknown): Response {
  return {
    status,
    headers: { "content-type": "application/json" },
    body: Buffer.from(JSON.stringify(body)),
  };
}

/** The JSON of a request's body; an empty body is an empty object. */
export function inputOf(body: Buffer): Input {
  return body.length === 0 ? {} : JSON.parse(body.toString());
}
