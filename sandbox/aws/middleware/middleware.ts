import type { IncomingHttpHeaders } from "node:http";
import type { Response } from "../../http.ts";
import type { Caller } from "../access-keys.ts";
import type { ApiRequest } from "../api-request.ts";
import type { Fault } from "../faults.ts";

/** A request of the AWS API on its way through the gateway. */
export interface ApiCall {
  readonly request: ApiRequest;
  readonly caller: Caller;
  /** For example `ec2:RebootInstances`; for the REST API of Lambda the method and path. */
  readonly action: string;
  /** When it arrived, by `performance.now()`. */
  readonly atMs: number;
  /** The headers and the body that go to the emulator. */
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** What the sandbox lets go wrong with it. */
  readonly fault?: Fault;
}

export type Next = (call: ApiCall) => Promise<Response>;

/** Handles a call: passes it on by `next`, changed or not, or responds itself. */
export type Middleware = (call: ApiCall, next: Next) => Promise<Response>;

/** One handler of several: the first middleware gets each call first, and `last` gets what they pass on. */
export function compose(middlewares: readonly Middleware[], last: Next): Next {
  return middlewares.reduceRight<Next>((next, it) => (call) => it(call, next), last);
}

/** In place of a response: the connection stays open, and the caller waits until it gives up. */
export const noResponse: Response = { status: 0, headers: {}, body: Buffer.alloc(0) };

/** In place of a response: the connection is reset. */
export const connectionReset: Response = { status: 0, headers: {}, body: Buffer.alloc(0) };
