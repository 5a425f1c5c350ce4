import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startBrowser } from "../support/browser.ts";
import { type StartedCommand, startCommand } from "../support/start-command.ts";

const HOSTILE_ID = '<img src=x onerror="document.title=1">';
const TIMEOUT_MS = 180_000;
/** Machines that run tests have much else to do. */
const PATIENCE_MS = 60_000;

let command: StartedCommand;
let browser: Browser;
let url: string;
let context: BrowserContext;
let page: Page;
/** Errors of the page's script. */
let errors: string[];

beforeAll(async () => {
  browser = await startBrowser();
  command = startCommand(["--records", "40", "--keep", "--json"]);
  await command.printed(/Look at it: http/);
  url = /Look at it: (http\S+)/.exec(command.stderrSoFar())?.[1] ?? "";
  await command.printed(/AWS_ENDPOINT_URL_SQS=/);
}, TIMEOUT_MS);
afterAll(async () => {
  await browser?.close();
  command?.process.kill("SIGINT");
  await command?.ended;
}, TIMEOUT_MS);
beforeEach(async () => {
  context = await browser.newContext({ locale: "en-US", viewport: { width: 1280, height: 900 } });
  page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto(url);
});
afterEach(async () => {
  expect(errors).toEqual([]);
  await context.close();
});

const heading = (name: string | RegExp) => page.getByRole("heading", { name });

async function open(hash: string, title: string | RegExp): Promise<void> {
  await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
  await heading(title).first().waitFor();
}

describe("the page", { timeout: TIMEOUT_MS }, () => {
  test("shows the fleet, and from there a provider, its run and its dead letters", async () => {
    await heading("Providers").waitFor();
    expect(new URL(page.url()).search).toBe("");
    await page.getByRole("link", { name: "demo" }).click();
    await page.getByText(/^40 records: .*, 0 open$/).waitFor();
    await page.getByRole("link", { name: "tonight" }).click();
    await heading("completed").waitFor();
    await open("#/demo/dead", "Dead letters of demo");
    await page.getByText("There are none.").waitFor();
  });

  test("is steered by the keyboard alone: held, seen by all, resumed", async () => {
    await open("#/demo", "Steer it");
    await page.getByRole("button", { name: "Hold …" }).press("Enter");
    await page.locator('input[name="reason"]:focus').waitFor();
    await page.keyboard.type("their maintenance");
    await page.keyboard.press("Enter");
    await page.getByText(/^held until .* by .*: their maintenance/).waitFor();
    await page.getByText("held", { exact: true }).first().waitFor();
    await open("#/", "Providers");
    await page.getByText(/held by .*: their maintenance/).waitFor();
    await open("#/demo", "Steer it");
    await page.getByRole("button", { name: "Resume: end the hold" }).press("Enter");
    await page.getByText("flowing", { exact: true }).first().waitFor();
  });

  test("says why it refuses", async () => {
    await open("#/demo", "Steer it");
    await page.getByRole("button", { name: "Hold …" }).click();
    await page.getByLabel("reason").fill("   ");
    await page.getByRole("button", { name: "hold it" }).click();
    await page.getByText(/Give a reason/).waitFor();
  });

  test("finds a record by its id, whatever is in it", async () => {
    await page.getByRole("link", { name: "demo" }).waitFor();
    await page.getByRole("searchbox").fill(HOSTILE_ID);
    await page.keyboard.press("Enter");
    await heading(`Record ${HOSTILE_ID}`).waitFor();
    await page.getByText(/never enqueued/).waitFor();
    expect(await page.title()).toBe("Sluice");
    expect(await page.locator("main img").count()).toBe(0);
    await page.locator("main").click();
    await page.keyboard.press("/");
    await page.keyboard.type("record-7");
    await page.keyboard.press("Enter");
    await heading("Record record-7").waitFor();
  });

  test("makes trouble for the simulated provider, and shows which", async () => {
    for (const name of ["slow", "errors", "429", "hang", "outage", "well"]) {
      await page.getByRole("button", { name, exact: true }).click();
      await page.getByRole("button", { name, exact: true, pressed: true }).waitFor();
      expect(await page.getByRole("button", { pressed: true }).count()).toBe(1);
    }
    await page.reload();
    await page.getByRole("button", { name: "well", pressed: true }).waitFor();
  });

  test("says that its server is lost", async () => {
    await heading("Providers").waitFor();
    await page.getByRole("link", { name: "demo" }).waitFor();
    await context.setOffline(true);
    await page.route("**/api/**", (route) => route.abort());
    await page.evaluate('location.hash = "#/demo"');
    await page.getByText(/server does not answer/).waitFor();
  });

  const PAGES = [
    ["#/", "Providers"],
    ["#/demo", "Steer it"],
    ["#/demo/dead", "Dead letters of demo"],
    ["#/demo/runs/tonight", "Run tonight"],
    ["#/demo/records/anything", "Record anything"],
  ] as const;

  test.each([
    ["light", 1280],
    ["dark", 1280],
    ["light", 390],
    ["dark", 390],
  ] as const)("keeps nobody out, and fits: %s, %i wide", async (colorScheme, width) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 844 });
    for (const [hash, title] of PAGES) {
      await open(hash, title);
      const { violations } = await new AxeBuilder({ page }).analyze();
      const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
      expect(
        serious.map(({ id, nodes }) => `${hash} ${id}: ${nodes.map(({ html }) => html).join(" ")}`),
      ).toEqual([]);
      const overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
      expect(overflow, `${hash} is wider than the screen`).toBeLessThanOrEqual(0);
    }
  });
});
