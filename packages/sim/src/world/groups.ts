import { createHeap } from "../virtual-time/heap.ts";
import type { FreshMessage } from "./backlog.ts";

/** A message that has been received at least once, or sent by itself. */
export interface Message extends Omit<FreshMessage, "body"> {
  /** Empty once it is deleted. */
  body: string;
  readonly attributes?: Readonly<Record<string, string>>;
  receiveCount: number;
  /** Of the last receive. */
  receiptHandle: string;
  hiddenUntilMs: number;
  state: "visible" | "hidden" | "deleted";
}

/** One receive: until when what it takes is hidden, and what it has taken so far. */
export interface Receive {
  readonly hiddenUntilMs: number;
  readonly taken: Message[];
}

/**
 * Message groups of a FIFO queue: while a message of a group is hidden, the others wait, unless the same receive took it.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html
 */
export interface Groups {
  /** Adds a message that is visible. */
  add(message: Omit<FreshMessage, "body"> & Pick<Message, "body" | "attributes">): void;
  /** The oldest visible message whose group is free for this receive. */
  firstReady(receive: Receive): Message | undefined;
  /** Whether this receive may take a message of the group that nobody has received yet. */
  isFree(groupId: string, receive: Receive): boolean;
  /** Takes a message into a receive. */
  hide(message: Message | FreshMessage, receive: Receive): void;
  /** Changes until when a message is hidden; a handle that is no longer the message's last one does nothing. */
  hideUntil(receiptHandle: string, untilMs: number): void;
  /** Deletes a message; a handle that is no longer the message's last one does nothing. */
  remove(receiptHandle: string): void;
  /** Makes visible what is hidden no longer than until now. */
  reveal(nowMs: number): void;
  /** When the next message becomes visible, if nothing changes. */
  nextRevealAtMs(): number;
  hiddenCount(): number;
  /** Hidden or visible. */
  size(): number;
  /** Plus infinity if there is no message. */
  oldestSentAtMs(): number;
}

interface Group {
  readonly id: string;
  hiddenCount: number;
  /** Ascending by sequence. */
  readonly visible: Message[];
  /** The receive that has taken of it last. */
  takenBy: Receive | undefined;
}

interface Hiding {
  readonly message: Message;
  readonly untilMs: number;
}

/** Starts without a group. */
export function createGroups(): Groups {
  const groups = new Map<string, Group>();
  const hidden = new Map<string, Message>();
  // Both heaps keep entries that are out of date until they come up.
  const ready = createHeap<{ readonly sequence: number; readonly group: Group }>(
    (one, other) => one.sequence < other.sequence,
  );
  const hidings = createHeap<Hiding>((one, other) =>
    one.untilMs === other.untilMs
      ? one.message.sequence < other.message.sequence
      : one.untilMs < other.untilMs,
  );
  const bySequence = createHeap<Message>((one, other) => one.sequence < other.sequence);
  let visibleCount = 0;

  function groupOf(groupId: string): Group {
    const known = groups.get(groupId);
    if (known !== undefined) return known;
    const group = { id: groupId, hiddenCount: 0, visible: [], takenBy: undefined };
    groups.set(groupId, group);
    return group;
  }

  function isOpen(group: Group, receive: Receive): boolean {
    return group.hiddenCount === 0 || group.takenBy === receive;
  }

  function show(message: Message, group: Group): void {
    message.state = "visible";
    visibleCount += 1;
    let at = group.visible.length;
    while (at > 0 && (group.visible[at - 1] as Message).sequence > message.sequence) at -= 1;
    group.visible.splice(at, 0, message);
    offer(group);
  }

  /** Lets receives find a group again, or forgets it when it is empty. */
  function offer(group: Group): void {
    const [first] = group.visible;
    if (first !== undefined && group.hiddenCount === 0) ready.push({ sequence: first.sequence, group });
    else if (first === undefined && group.hiddenCount === 0) groups.delete(group.id);
  }

  function firstReady(receive: Receive): Message | undefined {
    for (let top = ready.peek(); top !== undefined; top = ready.peek()) {
      const [first] = top.group.visible;
      if (first?.sequence === top.sequence && isOpen(top.group, receive)) return first;
      ready.pop();
    }
    return undefined;
  }

  function hide(taken: Message | FreshMessage, receive: Receive): void {
    const group = groupOf(taken.groupId);
    const message = "state" in taken ? taken : newMessage(taken);
    if (message.state === "visible" && group.visible[0] === message) {
      group.visible.shift();
      visibleCount -= 1;
    } else bySequence.push(message);
    message.state = "hidden";
    message.receiveCount += 1;
    message.receiptHandle = `${message.sequence}-${message.receiveCount}`;
    group.hiddenCount += 1;
    group.takenBy = receive;
    hidden.set(message.receiptHandle, message);
    hideMessage(message, receive.hiddenUntilMs);
    receive.taken.push(message);
    const [next] = group.visible;
    if (next !== undefined) ready.push({ sequence: next.sequence, group });
  }

  function hideMessage(message: Message, untilMs: number): void {
    message.hiddenUntilMs = untilMs;
    hidings.push({ message, untilMs });
  }

  function unhide(message: Message): Group {
    const group = groupOf(message.groupId);
    group.hiddenCount -= 1;
    hidden.delete(message.receiptHandle);
    return group;
  }

  function forgetDeleted(): void {
    while (bySequence.peek()?.state === "deleted") bySequence.pop();
  }

  function nextHiding(): Hiding | undefined {
    for (let top = hidings.peek(); top !== undefined; top = hidings.peek()) {
      if (top.message.state === "hidden" && top.message.hiddenUntilMs === top.untilMs) return top;
      hidings.pop();
    }
    return undefined;
  }

  return {
    add(sent) {
      const message = newMessage(sent);
      bySequence.push(message);
      show(message, groupOf(message.groupId));
    },
    firstReady,
    isFree(groupId, receive) {
      const group = groups.get(groupId);
      return group === undefined || isOpen(group, receive);
    },
    hide,
    hideUntil(receiptHandle, untilMs) {
      const message = hidden.get(receiptHandle);
      if (message !== undefined) hideMessage(message, untilMs);
    },
    remove(receiptHandle) {
      const message = hidden.get(receiptHandle);
      if (message === undefined) return;
      const group = unhide(message);
      message.state = "deleted";
      message.body = "";
      forgetDeleted();
      offer(group);
    },
    reveal(nowMs) {
      for (let top = nextHiding(); top !== undefined && top.untilMs <= nowMs; top = nextHiding()) {
        hidings.pop();
        show(top.message, unhide(top.message));
      }
    },
    nextRevealAtMs: () => nextHiding()?.untilMs ?? Number.POSITIVE_INFINITY,
    hiddenCount: () => hidden.size,
    size: () => hidden.size + visibleCount,
    oldestSentAtMs() {
      forgetDeleted();
      return bySequence.peek()?.sentAtMs ?? Number.POSITIVE_INFINITY;
    },
  };
}

function newMessage(message: Omit<FreshMessage, "body"> & Pick<Message, "body" | "attributes">): Message {
  const { sequence, groupId, body, sentAtMs, attributes } = message;
  const own = { receiveCount: 0, receiptHandle: "", hiddenUntilMs: 0, state: "visible" as const };
  return { sequence, groupId, body, sentAtMs, ...(attributes && { attributes }), ...own };
}
