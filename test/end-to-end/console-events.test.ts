import { AxeBuilder } from "@axe-core/playwright";
import type { BreakerEvent, LatestEvents } from "@sluice/core/ports";
import { quietSnapshot } from "@sluice/testing/quiet-snapshot";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startBrowser } from "../support/browser.ts";
import { type PageOfMemory, servePageOfMemory } from "../support/page-of-memory.ts";

const EVENT_COUNT = 100_000;
const TIMEOUT_MS = 420_000;
/** Fourteen days hold all events, and a minute more passes before the last test ends. */
const SPACING_MS = 12_000;
/** Rows that fit, with those that are drawn beyond both edges. */
const ROWS_MAX = 60;
/** What browsers call a long task, here of the time that it had the processor: how busy the machine is does not matter. */
const TASK_CPU_MAX_MS = 50;
const HEAP_GROWTH_MAX = 8_000_000;

let served: PageOfMemory;
let browser: Browser;
let page: Page;
/** What the server has asked its store for. */
const asked: LatestEvents[] = [];
let isListed = false;

beforeAll(async () => {
  browser = await startBrowser();
  served = await servePageOfMemory({
    events: (store) => ({
      ...store,
      latest(choice) {
        asked.push(choice);
        return store.latest(choice);
      },
      async *list(sinceMs) {
        isListed ||= sinceMs < Date.now() - 3_600_000;
        yield* store.list(sinceMs);
      },
    }),
  });
  const nowMs = Date.now();
  for (let index = 0; index < EVENT_COUNT; index += 1) await served.events.append(eventOf(index, nowMs));
  for (let minute = 60; minute >= 0; minute -= 1)
    await served.access.history.append(quietSnapshot(nowMs - minute * 60_000));
  const context = await browser.newContext({ locale: "en-US", viewport: { width: 700, height: 600 } });
  page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await page.goto(served.url);
  await page.evaluate('location.hash = "#/demo"');
  await page.getByRole("button", { name: "14 days" }).click();
  await page.getByRole("option", { name: /decision 0:/ }).waitFor();
}, TIMEOUT_MS);
afterAll(async () => {
  await browser?.close();
  await served?.close();
});

function eventOf(index: number, nowMs: number): BreakerEvent {
  const summary = `decision ${index}: ramped up (to 10): limit ${index % 10} → limit ${(index % 10) + 1}`;
  const details = { rule: "ramp", inputs: { ok: index, faults: 0, latencyMs: 812.5 }, note: "x".repeat(300) };
  const atMs = nowMs - index * SPACING_MS;
  return {
    id: `event-${String(EVENT_COUNT - index).padStart(6, "0")}`,
    atMs,
    kind: "decision",
    summary,
    details,
  };
}

const list = () => page.getByRole("listbox", { name: "Decisions and orders, newest first" });
const topRow = () => page.locator(".event").first();
const rowAt = (index: number) => page.getByRole("option", { name: new RegExp(`decision ${index}:`) });

/** Bytes of the page's script that are still in use. */
async function heapBytes(): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  await session.detach();
  return usedSize;
}

/** Scrolls down as far as it goes, until there is nothing more; answers with the most that was drawn at once. */
const SCROLL_TO_THE_END = `(async () => {
  const list = document.querySelector(".events");
  let most = { nodes: 0, rows: 0 };
  let frames = 0;
  for (;;) {
    list.scrollTop = list.scrollHeight;
    await new Promise(requestAnimationFrame);
    frames += 1;
    const rows = list.querySelectorAll("[role=option]");
    most = {
      nodes: Math.max(most.nodes, document.querySelectorAll("*").length),
      rows: Math.max(most.rows, rows.length),
    };
    if (rows[rows.length - 1].getAttribute("aria-setsize") !== "-1") return { ...most, frames };
  }
})()`;

describe(`a list of ${EVENT_COUNT} events`, { timeout: TIMEOUT_MS }, () => {
  test("reads no more than is looked at", () => {
    const most = asked.reduce((sum, { count }) => sum + count, 0);
    expect(most).toBeLessThan(5_000);
    expect(isListed).toBe(false);
  });

  test("is walked through by the keyboard, and told row by row", async () => {
    await list().focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("j");
    await expectActive(1);
    await page
      .getByRole("region", { name: "The one that is chosen" })
      .getByText(/^decision 1:/)
      .waitFor();
    await page.keyboard.press("End");
    await expectActive(199);
    await rowAt(200).waitFor();
    await page.keyboard.press("ArrowDown");
    await expectActive(200);
    await page.keyboard.press("PageUp");
    await page.keyboard.press("Home");
    await expectActive(0);
    expect(await rowAt(0).getAttribute("aria-posinset")).toBe("1");
    expect(await rowAt(0).getAttribute("aria-setsize")).toBe("-1");
  });

  test("is scrolled to its end with as many nodes, and as much memory, as at its top", async () => {
    asked.length = 0;
    const nodesBefore = await page.evaluate<number>('document.querySelectorAll("*").length');
    const heapBefore = await heapBytes();
    await browser.startTracing(page, { categories: ["toplevel", "devtools.timeline"] });
    const most = await page.evaluate<{ nodes: number; rows: number; frames: number }>(SCROLL_TO_THE_END);
    const tasksMs = taskCpuMs(await browser.stopTracing());
    await rowAt(EVENT_COUNT - 1).waitFor();
    expect(await rowAt(EVENT_COUNT - 1).getAttribute("aria-posinset")).toBe(String(EVENT_COUNT));
    expect(most.rows).toBeLessThanOrEqual(ROWS_MAX);
    expect(most.nodes).toBeLessThanOrEqual(nodesBefore + 4 * ROWS_MAX);
    expect((await heapBytes()) - heapBefore).toBeLessThan(HEAP_GROWTH_MAX);
    expect(tasksMs.length).toBeGreaterThan(most.frames);
    expect(Math.max(...tasksMs)).toBeLessThan(TASK_CPU_MAX_MS);
    const pages = asked.filter(({ before }) => before !== undefined);
    expect(pages.length).toBeLessThanOrEqual(EVENT_COUNT / 200 + 5);
  });

  test("shows what it has let go when it is looked at again", async () => {
    asked.length = 0;
    await page.evaluate('document.querySelector(".events").scrollTop = 0');
    await rowAt(0).waitFor();
    await page.evaluate(
      '(() => { const list = document.querySelector(".events"); list.scrollTop = list.scrollHeight / 2; })()',
    );
    await rowAt(EVENT_COUNT / 2).waitFor();
    expect(asked.length).toBeGreaterThanOrEqual(2);
    expect(asked.length).toBeLessThan(10);
  });

  test("is led to from a mark in a chart, and back to its top", async () => {
    await page.getByRole("button", { name: "1 hour" }).click();
    await page.locator(".u-over").first().click();
    await page.getByRole("button", { name: "Show the newest" }).waitFor();
    // The middle of the hour, give or take some marks.
    const first = async () => Number(/decision (\d+):/.exec((await topRow().textContent()) ?? "")?.[1]);
    await expect.poll(first).toBeGreaterThan(130);
    expect(await first()).toBeLessThan(165);
    await page.getByRole("button", { name: "Show the newest" }).click();
    await rowAt(0).waitFor();
    expect(await page.getByRole("button", { name: "Show the newest" }).count()).toBe(0);
    await page.getByRole("button", { name: "14 days" }).click();
    await rowAt(0).waitFor();
  });

  test("keeps nobody out", async () => {
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.filter(({ impact }) => impact === "serious" || impact === "critical")).toEqual([]);
  });

  test("shows what is new at its top, and moves nobody who reads further down", async () => {
    await page.evaluate('document.querySelector(".events").scrollTop = 320');
    await rowAt(12).waitFor();
    await served.events.append({ ...eventOf(0, Date.now()), id: "event-200001", summary: "brand new" });
    await page.getByRole("button", { name: "Show the newest" }).click();
    await page.getByRole("option", { name: /brand new/ }).waitFor();
    await served.events.append({ ...eventOf(0, Date.now()), id: "event-200002", summary: "newer still" });
    await page.getByRole("option", { name: /newer still/ }).waitFor();
  });
});

/** The row that a screen reader is on. */
async function expectActive(index: number): Promise<void> {
  await expect
    .poll(async () => page.evaluate(`document.getElementById(${await activeId()})?.textContent ?? ""`))
    .toContain(`decision ${index}:`);
}

async function activeId(): Promise<string> {
  return JSON.stringify(await list().getAttribute("aria-activedescendant"));
}

interface TraceEvent {
  readonly name: string;
  readonly tid: number;
  readonly pid: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** The time that each task of the page's main thread had the processor. */
function taskCpuMs(trace: Buffer): number[] {
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: readonly TraceEvent[] };
  const mains = traceEvents.filter(
    ({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain",
  );
  const isMain = ({ pid, tid }: TraceEvent) => mains.some((main) => main.pid === pid && main.tid === tid);
  return traceEvents.flatMap((event) =>
    event.name.endsWith("RunTask") && event.tdur !== undefined && isMain(event) ? [event.tdur / 1_000] : [],
  );
}
