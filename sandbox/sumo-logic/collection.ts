import { randomBytes, randomInt } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

// biome-ignore lint/suspicious/noExplicitAny: bodies of the API, whose shapes the rules check
export type Item = Record<string, any>;

export interface ApiRequest {
  readonly method: string;
  /** Below `/api/`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Item;
}

export interface Reply {
  readonly status: number;
  readonly body?: Item;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A response other than success. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** What is special about one kind of thing that the API holds. */
export interface Kind {
  readonly newId: () => string;
  /** Collectors and sources stand in this field of a body; other things are the body. */
  readonly envelope?: string;
  /** Throws what is wrong with an item, created by POST or changed by PUT. */
  readonly check: (item: Item, request: ApiRequest, others: readonly Item[]) => void;
  /** What the API adds at creation. */
  readonly complete?: (request: ApiRequest) => Item;
  /** An item as the API returns it. */
  readonly show?: (item: Item) => Item;
  /** A parameter that DELETE must have. */
  readonly deleteParameter?: readonly [name: string, value: string];
}

/** All things of one kind, by id: create, read, update and delete. */
export class Collection {
  readonly items = new Map<string, Item>();
  private readonly versions = new Map<string, number>();
  /** What the API added at creation, which no change removes. */
  private readonly added = new Map<string, Item>();
  private readonly kind: Kind;

  constructor(kind: Kind) {
    this.kind = kind;
  }

  reply(request: ApiRequest, id: string | undefined): Reply {
    if (id === undefined) return this.create(request);
    if (!this.items.has(id)) throw new ApiError(404, "not_found", `there is no ${request.path}`);
    if (request.method === "GET") return { ...this.show(id), headers: { etag: this.etag(id) } };
    if (request.method === "PUT") return this.update(request, id);
    if (request.method === "DELETE") return this.delete(request, id);
    throw new ApiError(405, "method.unsupported", `${request.method} is not known here`);
  }

  private create(request: ApiRequest): Reply {
    if (request.method !== "POST") {
      throw new ApiError(
        501,
        "sandbox",
        `the sandbox's Sumo Logic does not have this: ${request.method} ${request.path}`,
      );
    }
    const item = this.open(request.body);
    this.kind.check(item, request, [...this.items.values()]);
    const id = this.kind.newId();
    this.added.set(id, { ...this.kind.complete?.(request) });
    this.put(id, item);
    return this.show(id);
  }

  /** The provider reads before each update, and sends what it read as If-Match. */
  private update(request: ApiRequest, id: string): Reply {
    const ifMatch = request.headers["if-match"];
    if (ifMatch !== this.etag(id)) {
      const message = `If-Match must be ${this.etag(id)}, of a GET before: got ${ifMatch}`;
      throw new ApiError(412, "precondition_failed", message);
    }
    const item = this.open(request.body);
    const others = [...this.items.values()].filter((it) => it.id !== id);
    this.kind.check(item, request, others);
    this.put(id, item);
    return this.show(id);
  }

  /** Changes single fields, as no PUT does. */
  amend(id: string, fields: Item): Reply {
    this.put(id, { ...this.items.get(id), ...fields });
    return this.show(id);
  }

  private delete({ query }: ApiRequest, id: string): Reply {
    const [name = "", value] = this.kind.deleteParameter ?? [];
    if (name && query.get(name) !== value) {
      throw new ApiError(400, "invalid_field", `DELETE needs the parameter ${name}=${value}`);
    }
    this.items.delete(id);
    return { status: 204 };
  }

  private put(id: string, item: Item): void {
    this.items.set(id, { ...item, ...this.added.get(id), id });
    this.versions.set(id, (this.versions.get(id) ?? 0) + 1);
  }

  private show(id: string): Reply {
    const item = this.items.get(id) ?? {};
    const { envelope, show = (it) => it } = this.kind;
    const body = envelope ? { [envelope]: { ...show(item), id: Number(id) } } : show(item);
    return { status: 200, body };
  }

  private open(body: Item): Item {
    return this.kind.envelope ? (body[this.kind.envelope] ?? {}) : body;
  }

  private etag(id: string): string {
    return `"${this.versions.get(id)}"`;
  }
}

export function oneOf(field: string, value: unknown, allowed: readonly unknown[]): void {
  must(allowed.includes(value), field, value, `one of ${allowed.join(", ")}`);
}

/** Throws an error of the API that names the field and its value unless `isRight`. */
export function must(isRight: boolean, field: string, value: unknown, expected: string): void {
  if (isRight) return;
  const got = JSON.stringify(value);
  throw new ApiError(400, "invalid_field", `${field}: got ${got}; expected ${expected}`);
}

/** An id as connections, monitors and searches have it. */
export function hexId(): string {
  return randomBytes(8).toString("hex").toUpperCase();
}

/** An id as collectors and sources have it. */
export function numericId(): string {
  return String(randomInt(100_000_000, 1_000_000_000));
}
