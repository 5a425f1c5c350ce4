/** All that an iterable yields, in order: schedulers run under Node 20, which has no `Array.fromAsync`. */
export async function collected<T>(iterable: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const each of iterable) all.push(each);
  return all;
}
