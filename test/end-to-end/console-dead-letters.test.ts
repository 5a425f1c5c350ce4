import { DEAD_LETTER_ATTRIBUTE, MESSAGE_VERSION, messageBody } from "@sluice/core/records";
import type { MemoryQueue } from "@sluice/testing/memory-queue";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { startBrowser } from "../support/browser.ts";
import { type PageOfMemory, servePageOfMemory } from "../support/page-of-memory.ts";

const TIMEOUT_MS = 120_000;

let browser: Browser;
let served: PageOfMemory;
let page: Page;
/** Sends into lanes that wait until the test lets them through. */
let waiting: (() => void)[];
let isOpen: boolean;

beforeAll(async () => {
  browser = await startBrowser();
}, TIMEOUT_MS);
afterAll(() => browser?.close());
beforeEach(async () => {
  waiting = [];
  isOpen = false;
  served = await servePageOfMemory({ lane: slowly });
  page = await browser.newPage({ locale: "en-US", viewport: { width: 1280, height: 900 } });
  await page.goto(served.url);
});
afterEach(async () => {
  letThrough();
  await page.close();
  await served.close();
});

function slowly(lane: MemoryQueue): MemoryQueue {
  return {
    ...lane,
    async send(entries) {
      if (!isOpen) await new Promise<void>((resolve) => waiting.push(resolve));
      return lane.send(entries);
    },
  };
}

function letThrough(): void {
  for (const go of waiting.splice(0)) go();
}

async function fill(count: number, cause: string): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const recordId = `${cause.replace(" ", "-")}-${index}`;
    const ids = { runId: "tonight", correlationId: "tonight", recordId, number: index };
    const body = messageBody({ version: MESSAGE_VERSION, provider: "demo", ...ids });
    const attributes = {
      [DEAD_LETTER_ATTRIBUTE]: JSON.stringify({ cause, attempts: 3, deadLetteredAtMs: Date.now() }),
    };
    await served.deadLetters.send([{ groupId: recordId, deduplicationId: recordId, body, attributes }]);
  }
}

async function putAllBack(): Promise<void> {
  await page.getByRole("button", { name: /^Put all/ }).press("Enter");
  await page.locator("input:focus").waitFor();
  await page.keyboard.type("they have mended it");
  await page.keyboard.press("Enter");
}

const openLetters = async () => {
  await page.evaluate('location.hash = "#/demo/dead"');
  await page.getByRole("button", { name: /^Put all/ }).waitFor();
};

test("a redrive tells how far it is, stops when it is told to, and the rest goes on from there", async () => {
  await fill(45, "HTTP 404");
  await openLetters();
  await putAllBack();
  await expect.poll(() => waiting.length).toBe(1);
  letThrough();
  await page.getByText("10 so far").waitFor();
  expect(await page.getByRole("progressbar").getAttribute("value")).toBe("10");
  expect(await page.getByRole("progressbar").getAttribute("max")).toBe("45");

  await expect.poll(() => waiting.length).toBe(1);
  await page.getByRole("button", { name: "stop here" }).press("Enter");
  await page.getByRole("button", { name: "stop here", disabled: true }).waitFor();
  letThrough();
  await page.getByText("20 put back, and stopped there: the others are dead letters as before").waitFor();
  expect(served.lanes.records.entries).toHaveLength(20);
  expect(await served.deadLetters.depth()).toEqual({ visibleCount: 25, inFlightCount: 0 });

  await page.getByRole("button", { name: "Put all 25 back …" }).waitFor();
  await page.getByRole("button", { name: "close" }).click();
  isOpen = true;
  await putAllBack();
  await page.getByText(/^25 put back$/).waitFor();
  await page.getByText("There are none.").waitFor();
  const ids = served.lanes.records.entries.map(({ deduplicationId }) => deduplicationId);
  expect(new Set(ids).size).toBe(45);
}, 60_000);

test("one cause is put back, and another one is dropped", async () => {
  isOpen = true;
  await fill(3, "HTTP 404");
  await fill(2, "HTTP 500");
  await openLetters();
  await page.getByRole("button", { name: "Put 3 back …" }).click();
  await page.getByLabel("reason").fill("they have mended it");
  await page.getByRole("button", { name: "Put them back" }).click();
  await page.getByText(/^3 put back$/).waitFor();
  await page.getByRole("button", { name: "Drop 2 …" }).click();
  await page.getByLabel("reason").fill("nobody wants them");
  await page.getByRole("button", { name: "Drop them" }).click();
  await page.getByText(/^2 dropped$/).waitFor();
  expect(served.lanes.records.entries).toHaveLength(3);
  expect(served.deadLetters.entries).toEqual([]);
}, 60_000);

test("one letter is looked at in full, and put back or dropped alone", async () => {
  isOpen = true;
  await fill(3, "HTTP 404");
  await openLetters();
  await page.getByText("one by one").click();
  await page.getByText('"recordId":"HTTP-404-1"').waitFor();
  await page.getByRole("button", { name: "Put HTTP-404-1 back …" }).click();
  await page.getByLabel("reason").fill("they have mended it");
  await page.getByRole("button", { name: "Put them back" }).click();
  await page.getByText(/^1 put back$/).waitFor();
  await page.getByRole("button", { name: "Put all 2 back …" }).waitFor();
  await page.getByRole("button", { name: "Drop HTTP-404-2 …" }).click();
  await page.getByLabel("reason").fill("nobody wants it");
  await page.getByRole("button", { name: "Drop them" }).click();
  await page.getByText(/^1 dropped$/).waitFor();
  const idsIn = (queue: MemoryQueue) => queue.entries.map(({ body }) => JSON.parse(body).recordId);
  expect(idsIn(served.lanes.records)).toEqual(["HTTP-404-1"]);
  expect(idsIn(served.deadLetters)).toEqual(["HTTP-404-0"]);
}, 60_000);

test("letters that somebody else looks at are not said to be gone, and are seen as soon as he is done", async () => {
  await fill(3, "HTTP 404");
  await served.deadLetters.receive({ maxCount: 10, hiddenForMs: 60_000 });
  await page.evaluate('location.hash = "#/demo/dead"');
  await page.getByText(/^About 3 are in other hands at the moment/).waitFor();
  expect(await page.getByText("There are none.").count()).toBe(0);
  served.deadLetters.showAll();
  await page.getByRole("button", { name: "Put all 3 back …" }).waitFor();
  await page.getByText(/in other hands/).waitFor({ state: "detached" });
  expect(await served.deadLetters.depth()).toEqual({ visibleCount: 3, inFlightCount: 0 });
}, 60_000);

test("who leaves in the middle loses no letter", async () => {
  await fill(30, "HTTP 404");
  await openLetters();
  await putAllBack();
  await expect.poll(() => waiting.length).toBe(1);
  await page.goto("about:blank");
  isOpen = true;
  letThrough();
  await expect
    .poll(async () => (await served.deadLetters.depth()).inFlightCount, { timeout: 20_000 })
    .toBe(0);
  const { visibleCount } = await served.deadLetters.depth();
  expect(served.lanes.records.entries.length + visibleCount).toBe(30);
}, 60_000);
