import { createHeap } from "../virtual-time/heap.ts";
import type { FifoMessage } from "./fifo-message.ts";

/** One receive, told from others by identity. */
export interface Receive {
  /** Messages taken so far. */
  readonly taken: FifoMessage[];
}

/**
 * Message groups of a FIFO queue: while a message of a group is hidden, the others wait, unless the same receive took it.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html
 */
export interface Groups {
  /** Adds a message that is visible. */
  add(message: FifoMessage): void;
  /** The oldest visible message whose group is free for this receive. */
  firstReady(receive: Receive): FifoMessage | undefined;
  /** True if this receive may take a message of the group that no receive has taken before. */
  isFree(groupId: string, receive: Receive): boolean;
  /** Lets a receive take the first message of its group, or one that was never added. */
  take(message: FifoMessage, receive: Receive): void;
  /** Adds a taken message again. */
  giveBack(message: FifoMessage): void;
  /** Frees the group of a taken message that does not come back. */
  drop(message: FifoMessage): void;
  visibleCount(): number;
}

interface Group {
  readonly id: string;
  hiddenCount: number;
  /** Ascending by sequence. */
  readonly visible: FifoMessage[];
  /** The receive that has taken of it last. */
  takenBy: Receive | undefined;
}

/** Starts without a group. */
export function createGroups(): Groups {
  const groups = new Map<string, Group>();
  // Keeps entries that are out of date until they come up.
  const ready = createHeap<{ readonly sequence: number; readonly group: Group }>(
    (one, other) => one.sequence < other.sequence,
  );
  let visibleCount = 0;

  function groupOf(groupId: string): Group {
    const known = groups.get(groupId);
    if (known !== undefined) return known;
    const group = { id: groupId, hiddenCount: 0, visible: [], takenBy: undefined };
    groups.set(groupId, group);
    return group;
  }

  function show(message: FifoMessage, group: Group): void {
    visibleCount += 1;
    insertBySequence(group.visible, message);
    offer(group);
  }

  /** Lets receives find a group again, or forgets it when it is empty. */
  function offer(group: Group): void {
    if (group.hiddenCount > 0) return;
    const [first] = group.visible;
    if (first === undefined) groups.delete(group.id);
    else ready.push({ sequence: first.sequence, group });
  }

  function firstReady(receive: Receive): FifoMessage | undefined {
    for (let top = ready.peek(); top !== undefined; top = ready.peek()) {
      const [first] = top.group.visible;
      if (first?.sequence === top.sequence && isOpenTo(receive, top.group)) return first;
      ready.pop();
    }
    return undefined;
  }

  function take(message: FifoMessage, receive: Receive): void {
    const group = groupOf(message.groupId);
    if (group.visible[0] === message) {
      group.visible.shift();
      visibleCount -= 1;
    }
    group.hiddenCount += 1;
    group.takenBy = receive;
    receive.taken.push(message);
    const [next] = group.visible;
    if (next !== undefined) ready.push({ sequence: next.sequence, group });
  }

  function release({ groupId }: FifoMessage): Group {
    const group = groupOf(groupId);
    group.hiddenCount -= 1;
    return group;
  }

  return {
    add: (message) => show(message, groupOf(message.groupId)),
    firstReady,
    isFree(groupId, receive) {
      const group = groups.get(groupId);
      return group === undefined || isOpenTo(receive, group);
    },
    take,
    giveBack: (message) => show(message, release(message)),
    drop: (message) => offer(release(message)),
    visibleCount: () => visibleCount,
  };
}

function isOpenTo(receive: Receive, group: Group): boolean {
  return group.hiddenCount === 0 || group.takenBy === receive;
}

function insertBySequence(messages: FifoMessage[], message: FifoMessage): void {
  let at = messages.length;
  while (at > 0 && (messages[at - 1] as FifoMessage).sequence > message.sequence) at -= 1;
  messages.splice(at, 0, message);
}
