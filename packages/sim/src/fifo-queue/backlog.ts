import type { FreshMessage } from "./fifo-message.ts";

/** Messages that were never received, made only when they are: half a million cost nothing while they wait. */
export interface Backlog {
  add(block: Block): void;
  /** The first message, without taking it. */
  peek(): FreshMessage | undefined;
  /** Takes the message that was last peeked at. */
  take(): FreshMessage;
  /** Drops what was sent until an instant, and returns how many that were. */
  dropSentUntil(sentAtMs: number): number;
  size(): number;
}

/** Messages that arrive together. */
export interface Block {
  readonly count: number;
  readonly firstSequence: number;
  readonly sentAtMs: number;
}

/** Makes an empty backlog; `makeUp` makes its n-th message, from 0 on. */
export function createBacklog(
  makeUp: (index: number) => { readonly groupId: string; readonly body: string },
): Backlog {
  const blocks: Block[] = [];
  let size = 0;
  let madeUpCount = 0;
  let takenOfFirst = 0;
  let next: FreshMessage | undefined;

  function peek(): FreshMessage | undefined {
    const [block] = blocks;
    if (next !== undefined || block === undefined) return next;
    const sequence = block.firstSequence + takenOfFirst;
    next = { ...makeUp(madeUpCount), sequence, sentAtMs: block.sentAtMs };
    return next;
  }

  function dropFirstBlock({ count }: Block): number {
    const dropped = count - takenOfFirst;
    blocks.shift();
    size -= dropped;
    madeUpCount += dropped;
    takenOfFirst = 0;
    next = undefined;
    return dropped;
  }

  return {
    add(block) {
      if (block.count === 0) return;
      blocks.push(block);
      size += block.count;
    },
    peek,
    take() {
      const taken = peek();
      if (taken === undefined) throw new RangeError("the backlog is empty");
      next = undefined;
      size -= 1;
      madeUpCount += 1;
      takenOfFirst += 1;
      if (takenOfFirst === blocks[0]?.count) {
        blocks.shift();
        takenOfFirst = 0;
      }
      return taken;
    },
    dropSentUntil(sentAtMs) {
      let dropped = 0;
      for (let [first] = blocks; first !== undefined && first.sentAtMs <= sentAtMs; [first] = blocks)
        dropped += dropFirstBlock(first);
      return dropped;
    },
    size: () => size,
  };
}
