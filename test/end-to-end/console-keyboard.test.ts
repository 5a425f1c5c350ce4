import { MESSAGE_VERSION, messageBody } from "@sluice/core/records";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startBrowser } from "../support/browser.ts";
import { type PageOfMemory, servePageOfMemory } from "../support/page-of-memory.ts";

let browser: Browser;
let served: PageOfMemory;
let page: Page;
beforeAll(async () => {
  browser = await startBrowser();
  served = await servePageOfMemory();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await served?.close();
});
beforeEach(async () => {
  page = await browser.newPage({ locale: "en-US", viewport: { width: 1280, height: 900 } });
  await page.goto(served.url);
});

const focusOn = (selector: string) => page.locator(`${selector}:focus`).waitFor();

test("whoever follows a link goes on at the heading of what it leads to", async () => {
  await page.getByRole("link", { name: "demo" }).press("Enter");
  await focusOn("h1");
  expect(await page.locator("h1:focus").textContent()).toBe("demo");
  await page.getByRole("button", { name: "Hold …" }).waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  expect(await page.locator(":focus").textContent()).toBe("Hold …");
}, 60_000);

test("a form has the focus while it is open, and gives it back", async () => {
  await page.evaluate('location.hash = "#/demo"');
  for (const [button, verb] of [
    ["Hold …", "hold it"],
    ["Pin the limit …", "pin it"],
  ] as const) {
    await page.getByRole("button", { name: button }).press("Enter");
    await focusOn('input[name="reason"]');
    await page.getByRole("button", { name: verb }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: verb }).waitFor({ state: "detached" });
    expect(await page.locator(":focus").textContent()).toBe(button);
  }
}, 60_000);

test("an order is given, and ended, without a mouse", async () => {
  await page.evaluate('location.hash = "#/demo"');
  await page.getByRole("button", { name: "Hold …" }).press("Enter");
  await focusOn('input[name="reason"]');
  await page.keyboard.type("their maintenance");
  await page.keyboard.press("Enter");
  await page.getByText(/^hold by anna: their maintenance, until/).waitFor();
  expect(await page.locator(":focus").textContent()).toBe("Hold …");
  await page.getByRole("button", { name: "Resume: end the hold" }).press("Enter");
  await page.getByText(/^hold by anna/).waitFor({ state: "detached" });
}, 60_000);

test("an open breaker probes when it is asked to, and says what came of it", async () => {
  const tripped = await servePageOfMemory();
  await tripped.trip();
  await page.goto(tripped.url);
  await page.evaluate('location.hash = "#/demo"');
  await page.getByRole("button", { name: "Probe now" }).press("Enter");
  await page.getByText("the next record to come is the probe").waitFor();
  await page.getByRole("button", { name: "Probe now" }).waitFor({ state: "detached" });
  await tripped.close();
}, 60_000);

test("a run is cancelled without a mouse, and says so", async () => {
  const names = { runId: "night", correlationId: "night", lane: "records", plannedCount: 3 } as const;
  await served.access.runs.open({ ...names, digest: "any", isSealed: true, createdAtMs: Date.now() });
  await page.evaluate('location.hash = "#/demo/runs/night"');
  await page.getByRole("button", { name: "Cancel this run …" }).press("Enter");
  await focusOn("form.ask input");
  await page.keyboard.type("enqueued by mistake");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "cancelled" }).waitFor();
  expect(await page.getByRole("button", { name: "Cancel this run …" }).count()).toBe(0);
}, 60_000);

test("what is deployed is examined on demand, and what is not as it should be comes with the command that mends it", async () => {
  await page.evaluate('location.hash = "#/demo"');
  await page.getByRole("button", { name: "Examine it" }).press("Enter");
  // Nobody wakes a provider that is all in memory.
  await page.getByText(/^Bad news, at .*: begin with (contract|waker)/).waitFor();
  const finding = (check: string) =>
    page.locator(".findings > div", { has: page.locator("dt", { hasText: new RegExp(`^${check} `) }) });
  await finding("mappings")
    .getByText(/records/)
    .first()
    .waitFor();
  await finding("waker").getByText("bad", { exact: true }).waitFor();
  expect(await finding("waker").locator("code").textContent()).toBe("npm start -- --keep");
}, 60_000);

test("what IAM refuses is refused once, and its buttons say why", async () => {
  const denied = () =>
    Promise.reject(Object.assign(new Error("not yours"), { name: "AccessDeniedException" }));
  const readOnly = await servePageOfMemory({
    orders: (orders) => ({ ...orders, commit: denied }),
    lane: (lane) => ({ ...lane, send: denied }),
  });
  const body = messageBody({
    version: MESSAGE_VERSION,
    provider: "demo",
    runId: "night",
    correlationId: "night",
    recordId: "a",
    number: 0,
  });
  await readOnly.deadLetters.send([{ groupId: "a", deduplicationId: "a", body }]);
  await page.goto(readOnly.url);
  await page.evaluate('location.hash = "#/demo"');
  await page.getByRole("button", { name: "Hold …" }).click();
  await page.getByLabel("reason").fill("their maintenance");
  await page.getByRole("button", { name: "hold it" }).click();
  await page.getByText("AWS does not let these credentials do that: not yours").waitFor();
  const hold = page.getByRole("button", { name: "Hold …", disabled: true });
  expect(await hold.getAttribute("title")).toContain("not yours");
  await page.getByRole("button", { name: "Pin the limit …", disabled: true }).waitFor();

  await page.evaluate('location.hash = "#/demo/dead"');
  await page.getByRole("button", { name: "Put all 1 back …" }).click();
  await page.getByLabel("reason").fill("they have mended it");
  await page.getByRole("button", { name: "Put them back" }).click();
  await page.getByText("AWS does not let these credentials do that: not yours").waitFor();
  await page.getByRole("button", { name: "Put 1 back …", disabled: true }).waitFor();
  await readOnly.close();
}, 60_000);

test("a record is looked up even if its id is typed before the providers are known", async () => {
  const early = await browser.newPage({ locale: "en-US" });
  let answer = () => {};
  const isAsked = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await early.route("**/api/providers", async (route) => {
    await isAsked;
    await route.continue();
  });
  await early.goto(served.url);
  await early.getByRole("searchbox").fill("record-7");
  await early.keyboard.press("Enter");
  answer();
  await early.getByRole("heading", { name: "Record record-7" }).waitFor();
  await early.close();
}, 60_000);

test("whoever follows a link before all is set up goes where it leads to", async () => {
  const early = await browser.newPage({ locale: "en-US" });
  await early.addInitScript(`new MutationObserver((_, observer) => {
    if (document.querySelector("h1") === null) return;
    observer.disconnect();
    location.hash = "#/demo/dead";
  }).observe(document, { childList: true, subtree: true })`);
  await early.goto(served.url);
  await early.getByRole("heading", { name: "Dead letters of demo" }).waitFor();
  await early.close();
}, 60_000);
