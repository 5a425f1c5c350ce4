import { UnsupportedRequest } from "./errors.ts";
import type { ItemKey } from "./keys.ts";
import type { Item } from "./values/attribute-value.ts";
import { compareText } from "./values/text-order.ts";

/** The items of a table: partitions in the order in which they were first written, each ordered by its sort keys. */
export interface Items {
  get(key: ItemKey): Item | undefined;
  put(key: ItemKey, item: Item): void;
  remove(key: ItemKey): void;
  /** The items of a partition, in the order of their sort keys. */
  partition(pk: string): readonly Item[];
  /** All items behind a key, which need not be there itself; all of them without one. */
  after(key: ItemKey | undefined): Iterable<Item>;
}

/** Items of one partition key. Most have one item, so that an array is far smaller than a map. */
interface Partition {
  readonly index: number;
  readonly items: Item[];
}

/** No items. */
export function createItems(): Items {
  const partitions: Partition[] = [];
  const byKey = new Map<string, Partition>();

  function partitionFor(pk: string): Partition {
    const known = byKey.get(pk);
    if (known !== undefined) return known;
    const partition = { index: partitions.length, items: [] };
    partitions.push(partition);
    byKey.set(pk, partition);
    return partition;
  }

  return {
    get({ pk, sk }) {
      const items = byKey.get(pk)?.items;
      if (items === undefined) return undefined;
      const item = items[placeOf(items, sk)];
      return item?.sk === sk ? item : undefined;
    },
    put({ pk, sk }, item) {
      const { items } = partitionFor(pk);
      const at = placeOf(items, sk);
      items.splice(at, items[at]?.sk === sk ? 1 : 0, item);
    },
    remove({ pk, sk }) {
      const items = byKey.get(pk)?.items ?? [];
      const at = placeOf(items, sk);
      if (items[at]?.sk === sk) items.splice(at, 1);
    },
    partition: (pk) => byKey.get(pk)?.items ?? [],
    *after(key) {
      const first = key && byKey.get(key.pk);
      if (key !== undefined && first === undefined)
        throw new UnsupportedRequest("a start that was never an item");
      if (key !== undefined && first !== undefined) {
        yield* first.items.slice(placeOf(first.items, key.sk)).filter(({ sk }) => sk !== key.sk);
      }
      const from = first === undefined ? 0 : first.index + 1;
      for (let index = from; index < partitions.length; index += 1) yield* partitions[index]?.items ?? [];
    },
  };
}

/** The place of the first item whose sort key is not below one. */
function placeOf(items: readonly Item[], sk: string): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareText(String(items[middle]?.sk), sk) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
