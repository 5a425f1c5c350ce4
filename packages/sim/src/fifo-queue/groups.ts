import { createHeap, type Heap } from "../virtual-time/heap.ts";
import type { FifoMessage } from "./fifo-message.ts";

/**
 * Message groups of a FIFO queue. What is behind the first hidden message of its group, in the order of arrival, waits;
 * what came before it does not, as AWS was seen to do: a message that became visible again is handed out although later
 * ones of its group are in flight.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html
 */
export interface Groups {
  /** Adds a message that is visible. */
  add(message: FifoMessage): void;
  /** The oldest visible message that does not wait for another. */
  oldestFree(): FifoMessage | undefined;
  /** The first visible message of a group, be it free or not. */
  firstVisible(groupId: string): FifoMessage | undefined;
  /** The place of a group's first hidden message, behind which all wait; plus infinity if none is hidden. */
  firstHiddenSequence(groupId: string): number;
  /** Hides the first visible message of its group, or one that was never added. */
  hide(message: FifoMessage): void;
  /** Makes a hidden message visible. */
  giveBack(message: FifoMessage): void;
  /** Lets go of a hidden message. */
  drop(message: FifoMessage): void;
  /** Lets go of the first visible message of its group. */
  dropVisible(message: FifoMessage): void;
  visibleCount(): number;
}

interface Group {
  readonly id: string;
  /** Made with the first message that waits: most groups have but one, which is received as it comes. */
  visible: Heap<FifoMessage> | undefined;
  /** Ascending by sequence, and never more than one receive brings: all others wait behind them. */
  readonly hidden: FifoMessage[];
}

/** Starts without a group. */
export function createGroups(): Groups {
  const groups = new Map<string, Group>();
  // Keeps entries that are out of date until they come up.
  const free = createHeap<{ readonly sequence: number; readonly group: Group }>(comesBefore);
  let visibleCount = 0;

  function groupOf(groupId: string): Group {
    const known = groups.get(groupId);
    if (known !== undefined) return known;
    const group = { id: groupId, visible: undefined, hidden: [] };
    groups.set(groupId, group);
    return group;
  }

  function show(message: FifoMessage, group: Group): void {
    visibleCount += 1;
    group.visible ??= createHeap<FifoMessage>(comesBefore);
    group.visible.push(message);
  }

  function takeVisible(group: Group): void {
    visibleCount -= 1;
    group.visible?.pop();
  }

  function release(message: FifoMessage): Group {
    const group = groupOf(message.groupId);
    group.hidden.splice(group.hidden.indexOf(message), 1);
    return group;
  }

  /** Lets receives find a group again, or forgets it when it is empty. */
  function offer(group: Group): void {
    const first = group.visible?.peek();
    if (first !== undefined && isFree(first, group)) free.push({ sequence: first.sequence, group });
    else if (first === undefined && group.hidden.length === 0) groups.delete(group.id);
  }

  return {
    add(message) {
      const group = groupOf(message.groupId);
      show(message, group);
      if (group.visible?.peek() === message) offer(group);
    },
    oldestFree() {
      for (let top = free.peek(); top !== undefined; top = free.peek()) {
        const first = top.group.visible?.peek();
        if (first?.sequence === top.sequence && isFree(first, top.group)) return first;
        free.pop();
      }
      return undefined;
    },
    firstVisible: (groupId) => groups.get(groupId)?.visible?.peek(),
    firstHiddenSequence: (groupId) => groups.get(groupId)?.hidden[0]?.sequence ?? Number.POSITIVE_INFINITY,
    hide(message) {
      const group = groupOf(message.groupId);
      if (group.visible?.peek() === message) takeVisible(group);
      insertBySequence(group.hidden, message);
    },
    giveBack(message) {
      const group = release(message);
      show(message, group);
      offer(group);
    },
    drop: (message) => offer(release(message)),
    dropVisible(message) {
      const group = groupOf(message.groupId);
      takeVisible(group);
      offer(group);
    },
    visibleCount: () => visibleCount,
  };
}

function comesBefore(one: { readonly sequence: number }, other: { readonly sequence: number }): boolean {
  return one.sequence < other.sequence;
}

function isFree(message: FifoMessage, { hidden: [firstHidden] }: Group): boolean {
  return firstHidden === undefined || message.sequence < firstHidden.sequence;
}

function insertBySequence(messages: FifoMessage[], message: FifoMessage): void {
  let at = messages.length;
  while (at > 0 && (messages[at - 1] as FifoMessage).sequence > message.sequence) at -= 1;
  messages.splice(at, 0, message);
}
