import type { BreakerEvent } from "@sluice/core/ports";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { createEventPages, type EventPlace, PAGE_SIZE } from "./event-pages.ts";

/** A server's events, newest first: the one at index 0 is the newest. */
function serverOf(count: number) {
  const events = Array.from({ length: count }, (_, index) => eventAt(count - index));
  const asked: (EventPlace | undefined)[] = [];
  return {
    events,
    asked,
    async read(before: EventPlace | undefined) {
      asked.push(before);
      const start = before === undefined ? 0 : events.findIndex(({ atMs }) => atMs < before.atMs);
      return start < 0 ? [] : events.slice(start, start + PAGE_SIZE);
    },
  };
}

function eventAt(atMs: number): BreakerEvent {
  return { id: `event-${atMs}`, atMs, kind: "decision", summary: "", details: null };
}

test("whatever is looked at is read and shown in its place, and little else is kept", async () => {
  const looks = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 20 * PAGE_SIZE }), looks, async (count, shares) => {
      const { events, read } = serverOf(count);
      const pages = createEventPages(read, () => {});
      pages.restart();
      for (const share of shares) {
        const first = Math.floor(share * pages.count());
        pages.want(first, first + 30);
        await vi.waitFor(() => {
          for (let index = first; index < Math.min(first + 30, pages.count()); index += 1)
            expect(pages.at(index)).toBe(events[index]);
        });
      }
      const kept = events.filter((_, index) => pages.at(index) !== undefined);
      expect(kept.length).toBeLessThanOrEqual(10 * PAGE_SIZE);
    }),
    { numRuns: 50 },
  );
});

test("of a long list that was scrolled to its end the last pages alone are kept", async () => {
  const { events, read } = serverOf(40 * PAGE_SIZE);
  const pages = createEventPages(read, () => pages.want(pages.count(), pages.count() + 30));
  pages.restart();
  await vi.waitFor(() => expect(pages.isComplete()).toBe(true));
  expect(pages.count()).toBe(events.length);
  const kept = events.flatMap((_, index) => (pages.at(index) === undefined ? [] : [index]));
  expect(kept.length).toBeLessThanOrEqual(8 * PAGE_SIZE);
  expect(kept.at(-1)).toBe(events.length - 1);
});

test.each([0, 1, PAGE_SIZE - 1, PAGE_SIZE, PAGE_SIZE + 1, 3 * PAGE_SIZE])(
  "a list of %i ends where it ends",
  async (count) => {
    const { read } = serverOf(count);
    const pages = createEventPages(read, () => pages.want(pages.count(), pages.count() + 30));
    pages.restart();
    await vi.waitFor(() => expect(pages.isComplete()).toBe(true));
    expect(pages.count()).toBe(count);
  },
);

test("begun anew it has what is new, and until that has come it is as it was", async () => {
  const { events, read } = serverOf(3);
  const gates: (() => void)[] = [];
  const pages = createEventPages(
    async (before) => {
      await new Promise<void>((resolve) => gates.push(resolve));
      return read(before);
    },
    () => {},
  );
  pages.restart();
  gates.shift()?.();
  await vi.waitFor(() => expect(pages.count()).toBe(3));
  events.unshift(eventAt(4));
  pages.restart();
  expect(pages.at(0)?.atMs).toBe(3);
  gates.shift()?.();
  await vi.waitFor(() => expect(pages.at(0)?.atMs).toBe(4));
  expect(pages.count()).toBe(4);
});

test("begun at a place it has that and what is older", async () => {
  const { read } = serverOf(500);
  const pages = createEventPages(read, () => {});
  pages.restart({ atMs: 101, id: "" });
  await vi.waitFor(() => expect(pages.count()).toBe(100));
  expect(pages.at(0)?.atMs).toBe(100);
});

test("what can't be read is said, and read when it is looked at again", async () => {
  const { read } = serverOf(3);
  let isBroken = true;
  const pages = createEventPages(
    async (before) => {
      if (isBroken) throw new Error("no answer");
      return read(before);
    },
    () => {},
  );
  pages.restart();
  await vi.waitFor(() => expect(pages.problem()).toBe("no answer"));
  isBroken = false;
  pages.want(0, 10);
  await vi.waitFor(() => expect(pages.count()).toBe(3));
  expect(pages.problem()).toBeUndefined();
});
