/**
 * Does the work for each item, in their order, two at a time: what runs on the sandbox is mostly
 * waiting of processes for each other.
 */
export async function inTwoLanes<T>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const left = [...items];
  const lane = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all([lane(), lane()]);
}
