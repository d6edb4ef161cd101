/**
 * Does the work for each item, in their order, so many at a time: what runs on the sandbox is mostly
 * waiting of processes for each other.
 */
export async function inLanes<T>(
  count: number,
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const left = [...items];
  const lane = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: count }, lane));
}
