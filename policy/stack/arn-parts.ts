/** The parts of an ARN behind its partition. */
export interface ArnParts {
  readonly service: string;
  readonly region: string;
  readonly account: string;
  /** What stands behind the account, such as `table/orders`. */
  readonly rest: string;
}

export function partsOf(arn: string): ArnParts {
  const [, , service = "", region = "", account = "", ...rest] = arn.split(":");
  return { service, region, account, rest: rest.join(":") };
}

/** Names of these kinds may have a `/` in them, so what stands behind one is another's. */
const flat = /^(parameter|secret|log-group|role|policy|user|group|instance-profile)[/:]/;

/** The text itself, and what is left of it before each `/` and `:`, the longest first. */
export function* prefixesOf(rest: string): Iterable<string> {
  yield rest;
  const isFlat = flat.test(rest);
  for (let end = rest.length - 1; end > 0; end--) {
    if (rest[end] === ":" || (rest[end] === "/" && !isFlat)) yield rest.slice(0, end);
  }
}
