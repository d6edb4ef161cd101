import { isValues, type Value } from "../engine/values.ts";

/** A time range as the API has it. */
export function timeRangeOf(range: Value | undefined): Value {
  const bounded = isValues(range) ? range.beginBoundedTimeRange : undefined;
  const from = isValues(bounded) ? bounded.from : undefined;
  const relative = isValues(from) ? from.relativeTimeRange : undefined;
  if (!isValues(relative)) {
    throw new Error("the sandbox has time ranges with a relative begin only");
  }
  return {
    type: "BeginBoundedTimeRange",
    from: { type: "RelativeTimeRangeBoundary", relativeTime: relative.relativeTime ?? null },
    to: null,
  };
}

/** A time range as the program has it, from the API's. */
export function timeRangeInput(range: Value | undefined): Value {
  const from = isValues(range) ? range.from : undefined;
  const relativeTime = (isValues(from) && from.relativeTime) || null;
  return { beginBoundedTimeRange: { from: { relativeTimeRange: { relativeTime } } } };
}
