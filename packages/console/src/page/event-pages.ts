import type { BreakerEvent } from "@sluice/core/ports";

/** The place of an event among others. */
export type EventPlace = Pick<BreakerEvent, "atMs" | "id">;

/** Reads the newest events before a place, newest first, at most as many as a page has. */
export type ReadEvents = (before: EventPlace | undefined) => Promise<readonly BreakerEvent[]>;

/** Events of one page. */
export const PAGE_SIZE = 200;
/** Pages that are kept: the others are read again when they are looked at again. */
const PAGES_KEPT = 8;

/** A list of events of any length, newest first, of which only what is looked at is read, and some of that is kept. */
export interface EventPages {
  /** Events that are known to be there. */
  count(): number;
  /** There are no more than those. */
  isComplete(): boolean;
  /** The reason for which it could not be read on. */
  problem(): string | undefined;
  /** An event by its index; undefined if it is not kept, or not known. */
  at(index: number): BreakerEvent | undefined;
  /** Has what lies between two indices read, both included, and a little more. */
  want(first: number, last: number): void;
  /** Begins anew with the newest, or with the newest before a place; until they have come, all stays as it is. */
  restart(from?: EventPlace): void;
}

/** Makes a list that has nothing yet. @param onChange is called whenever there is something new to be seen */
export function createEventPages(read: ReadEvents, onChange: () => void): EventPages {
  let pages = new Map<number, readonly BreakerEvent[]>();
  /** The last event of each page that was read once, which leads to the next one. */
  let ends: EventPlace[] = [];
  let from: EventPlace | undefined;
  let count = 0;
  let isComplete = false;
  let problem: string | undefined;
  let isReading = false;
  let isRestarting = false;
  let wanted = { first: 0, last: 0 };

  /** The page that is to be read next. */
  function missing(): number | undefined {
    if (isRestarting) return 0;
    const first = Math.floor(wanted.first / PAGE_SIZE);
    // The next page is read before its first event is looked at.
    const last = Math.floor((wanted.last + PAGE_SIZE / 4) / PAGE_SIZE);
    const lastKnown = isComplete ? ends.length - 1 : ends.length;
    for (let page = first; page <= Math.min(last, lastKnown); page += 1) if (!pages.has(page)) return page;
    return undefined;
  }

  async function readOn(): Promise<void> {
    if (isReading) return;
    isReading = true;
    let isAnew = false;
    try {
      for (let page = missing(); page !== undefined; page = missing()) {
        isAnew = isRestarting;
        isRestarting = false;
        keep(page, await read(page === 0 ? from : ends[page - 1]), isAnew);
        problem = undefined;
        onChange();
      }
    } catch (thrown) {
      isRestarting ||= isAnew;
      problem = thrown instanceof Error ? thrown.message : String(thrown);
      onChange();
    } finally {
      isReading = false;
    }
  }

  function keep(page: number, events: readonly BreakerEvent[], isAnew: boolean): void {
    if (isAnew) {
      pages = new Map();
      ends = [];
      count = 0;
      isComplete = false;
      wanted = { first: 0, last: 0 };
    }
    pages.set(page, events);
    if (page === ends.length) {
      const end = events.at(-1);
      if (end !== undefined) ends.push({ atMs: end.atMs, id: end.id });
      count += events.length;
      isComplete = events.length < PAGE_SIZE;
    }
    const middle = Math.floor((wanted.first + wanted.last) / 2 / PAGE_SIZE);
    const byDistance = [...pages.keys()].toSorted(
      (one, other) => Math.abs(one - middle) - Math.abs(other - middle),
    );
    for (const far of byDistance.slice(PAGES_KEPT)) pages.delete(far);
  }

  return {
    count: () => count,
    isComplete: () => isComplete,
    problem: () => problem,
    at: (index) => pages.get(Math.floor(index / PAGE_SIZE))?.[index % PAGE_SIZE],
    want(first, last) {
      wanted = { first: Math.max(0, first), last };
      void readOn();
    },
    restart(place) {
      from = place;
      isRestarting = true;
      void readOn();
    },
  };
}
