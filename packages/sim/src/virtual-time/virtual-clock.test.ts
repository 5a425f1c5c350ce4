import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { createVirtualClock } from "./virtual-clock.ts";

describe("a virtual clock", () => {
  it("fires timers in the order of time, and those of one instant in the order in which they were set", async () => {
    const clock = createVirtualClock(1_000);
    const fired: string[] = [];
    const note = (name: string) => () => fired.push(`${name}@${clock.nowMs()}`);
    clock.at(1_300, note("c"));
    clock.at(1_200, note("a"));
    clock.at(1_200, note("b"));
    clock.at(500, note("late"));
    await clock.run(1_250);
    expect(fired).toEqual(["late@1000", "a@1200", "b@1200"]);
    const order: number[] = [];
    for (let index = 0; index < 50; index += 1) clock.at(1_270, () => order.push(index));
    await clock.run(2_000);
    expect(order).toEqual(order.toSorted((one, other) => one - other));
    expect(fired.at(-1)).toBe("c@1300");
  });

  it("lets all that a timer sets off run before the next timer fires", async () => {
    const clock = createVirtualClock(0);
    const lines: string[] = [];
    async function walk(name: string): Promise<void> {
      await clock.sleep(10);
      for (let step = 0; step < 50; step += 1) await Promise.resolve();
      lines.push(`${name} ${clock.nowMs()}`);
    }
    void walk("first");
    void walk("second");
    clock.at(11, () => lines.push("then"));
    await clock.run(20);
    expect(lines).toEqual(["first 10", "second 10", "then"]);
  });

  it("stands at the end of a run, and earlier when nothing is left", async () => {
    const clock = createVirtualClock(0);
    clock.at(5_000, () => {});
    await clock.run(3_000);
    expect(clock.nowMs()).toBe(3_000);
    await clock.run(9_000);
    expect(clock.nowMs()).toBe(5_000);
  });

  it("goes on through more timers than one turn of the event loop fires", async () => {
    const clock = createVirtualClock(0);
    let count = 0;
    void (async () => {
      for (; count < 1_000; count += 1) await clock.sleep(1);
    })();
    await clock.run(Number.POSITIVE_INFINITY);
    expect([count, clock.nowMs(), clock.firedCount()]).toEqual([1_000, 1_000, 1_000]);
  });

  it("stops at the present instant when told to, and can go on", async () => {
    const clock = createVirtualClock(0);
    const fired: number[] = [];
    clock.at(10, () => {
      fired.push(10);
      clock.stop();
    });
    clock.at(20, () => fired.push(20));
    await clock.run(100);
    expect([fired, clock.nowMs()]).toEqual([[10], 10]);
    await clock.run(100);
    expect(fired).toEqual([10, 20]);
  });

  it("ends a sleep at once when its signal aborts, and leaves no listener behind otherwise", async () => {
    const clock = createVirtualClock(0);
    const abort = new AbortController();
    const woken: number[] = [];
    for (let count = 0; count < 20; count += 1) void clock.sleep(1, abort.signal);
    void clock.sleep(1_000, abort.signal).then(() => woken.push(clock.nowMs()));
    clock.at(30, () => abort.abort());
    await clock.run(20);
    expect(getEventListeners(abort.signal, "abort")).toHaveLength(1);
    await clock.run(50);
    await clock.sleep(1_000, abort.signal);
    expect([woken, clock.nowMs()]).toEqual([[30], 30]);
  });

  it("does not fire a cancelled timer", async () => {
    const clock = createVirtualClock(0);
    const timer = clock.at(10, () => expect.unreachable());
    timer.cancel();
    await clock.run(50);
    expect(clock.firedCount()).toBe(0);
  });

  it("rejects with what a timer throws, and refuses an instant that is none", async () => {
    const clock = createVirtualClock(0);
    clock.at(10, () => {
      throw new RangeError("boom");
    });
    await expect(clock.run(50)).rejects.toThrow("boom");
    expect(() => clock.at(Number.NaN, () => {})).toThrow("NaN");
  });
});
