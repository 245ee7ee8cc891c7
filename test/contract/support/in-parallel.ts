/** Keeps a server on two cores busy. */
const AT_ONCE = 8;

/** Like `Promise.all` over `items.map(work)`, with limited concurrency. */
export async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const workers = Array.from({ length: AT_ONCE }, async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index]!);
    }
  });
  await Promise.all(workers);
  return results;
}
