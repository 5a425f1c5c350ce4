/** A binary heap: the first of its items in an order, in O(log n). */
export interface Heap<T> {
  readonly size: number;
  push(item: T): void;
  peek(): T | undefined;
  pop(): T | undefined;
}

/** Makes an empty heap. Items that are equal in the order leave in no particular one. */
export function createHeap<T>(isBefore: (one: T, other: T) => boolean): Heap<T> {
  const items: T[] = [];

  function push(item: T): void {
    let at = items.length;
    items.push(item);
    while (at > 0) {
      const parentAt = (at - 1) >> 1;
      const parent = items[parentAt] as T;
      if (!isBefore(item, parent)) break;
      items[at] = parent;
      at = parentAt;
    }
    items[at] = item;
  }

  function pop(): T | undefined {
    const first = items[0];
    const last = items.pop();
    if (items.length > 0) sink(last as T);
    return first;
  }

  function sink(item: T): void {
    const count = items.length;
    let at = 0;
    for (let childAt = 1; childAt < count; childAt = 2 * at + 1) {
      if (childAt + 1 < count && isBefore(items[childAt + 1] as T, items[childAt] as T)) childAt += 1;
      const child = items[childAt] as T;
      if (!isBefore(child, item)) break;
      items[at] = child;
      at = childAt;
    }
    items[at] = item;
  }

  return {
    get size() {
      return items.length;
    },
    push,
    peek: () => items[0],
    pop,
  };
}
