/** The parts of an ARN after its partition. */
export interface ArnParts {
  readonly service: string;
  readonly region: string;
  readonly account: string;
  /** The part after the account, e.g. `table/orders`. */
  readonly rest: string;
}

export function partsOf(arn: string): ArnParts {
  const [, , service = "", region = "", account = "", ...rest] = arn.split(":");
  return { service, region, account, rest: rest.join(":") };
}

/** Names of these kinds may contain a `/`, so the part before it is another resource. */
const flat = /^(parameter|secret|log-group|role|policy|user|group|instance-profile)[/:]/;

/** The string itself, and its part before each `/` and `:`, the longest first. */
export function* prefixesOf(rest: string): Iterable<string> {
  yield rest;
  const isFlat = flat.test(rest);
  for (let end = rest.length - 1; end > 0; end--) {
    if (rest[end] === ":" || (rest[end] === "/" && !isFlat)) yield rest.slice(0, end);
  }
}
