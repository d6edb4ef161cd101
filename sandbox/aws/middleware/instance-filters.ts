import { errorResponse } from "../error-response.ts";
import type { Middleware } from "./middleware.ts";

/** The filters of DescribeInstances that the emulator applies; it ignores all others. */
const ofEmulator = /^(instance-state-name|instance-type|image-id|tag-key|tag-value|tag:.+)$/;

/**
 * Applies the filter `instance-id` to the emulator's instances, and refuses every filter that the sandbox does not
 * have. An id that no instance has is no error in a filter.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html
 */
export function instanceFilters(): Middleware {
  return async (call, next) => {
    const { action, request } = call;
    if (action !== "ec2:DescribeInstances") return next(call);
    const filters = filtersOf(new URLSearchParams(request.body));
    const unknown = [...filters.keys()].find((it) => it !== "instance-id" && !ofEmulator.test(it));
    if (unknown !== undefined) {
      const message = `The filter '${unknown}' is invalid: the sandbox does not have it`;
      return errorResponse(request, { status: 400, code: "InvalidParameterValue", message });
    }
    const response = await next(call);
    const ids = filters.get("instance-id");
    if (!ids || response.status !== 200) return response;
    const body = response.body
      .toString()
      .replaceAll(reservation, (item, id) => (ids.includes(`i-${id}`) ? item : ""));
    return { ...response, body: Buffer.from(body) };
  };
}

/** The emulator has one instance in each reservation, and names the reservation after it. */
const reservation =
  /<item>\s*<reservationId>r-(\w+)<\/reservationId>.*?(?=<item>\s*<reservationId>|<\/reservationSet>)/gs;

/** The values of each filter by its name. */
function filtersOf(input: URLSearchParams): Map<string, string[]> {
  const filters = new Map<string, string[]>();
  for (const [key, name] of input) {
    const [, prefix] = /^(Filter\.\d+\.)Name$/.exec(key) ?? [];
    if (!prefix) continue;
    const values = [...input].filter(([it]) => it.startsWith(`${prefix}Value.`));
    filters.set(
      name,
      values.map(([, value]) => value),
    );
  }
  return filters;
}
