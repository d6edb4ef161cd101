/**
 * Does the work for each item, in their order, by `count` workers at the same time: what runs on the
 * sandbox mostly waits for other processes.
 */
export async function inWorkers<T>(
  count: number,
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: count }, worker));
}
