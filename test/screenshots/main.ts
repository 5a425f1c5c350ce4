import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { startBrowser } from "../support/browser.ts";
import { startCommand } from "../support/start-command.ts";

/*
 * Takes pictures of each page, in light and dark, wide and narrow, while a provider has an outage and recovers.
 * Usage: npm run screenshots -- [folder, screenshots by default]
 */

const PAGES = [
  ["fleet", "#/"],
  ["provider", "#/demo"],
  ["run", "#/demo/runs/tonight"],
  ["record", "#/demo/records/record-000007"],
  ["dead-letters", "#/demo/dead"],
] as const;
const SCHEMES = ["light", "dark"] as const;
const WIDTHS = [1_280, 390] as const;
/** History has its first points after two rounds of the waker; an outage in between is to be seen. */
const OUTAGE_AFTER_MS = 100_000;
const OUTAGE_MS = 60_000;
const RECOVERY_MS = 120_000;
/** Time in which a page has drawn what it has been sent. */
const DRAWN_AFTER_MS = 1_000;
/** Machines that take pictures of a run have the run to do. */
const PATIENCE_MS = 30_000;

const folder = process.argv[2] ?? "screenshots";
await mkdir(folder, { recursive: true });
const command = startCommand(["--records", "8000", "--json"]);
const browser = await startBrowser();
try {
  await command.printed(/Look at it: http/);
  const url = /Look at it: (http\S+)/.exec(command.stderrSoFar())?.[1] ?? "";
  await letItFail(browser, url);
  for (const colorScheme of SCHEMES)
    for (const width of WIDTHS) await takeAll(browser, url, colorScheme, width);
} finally {
  await browser.close();
  command.process.kill("SIGINT");
  await command.ended;
}

async function letItFail(started: Browser, url: string): Promise<void> {
  const page = await started.newPage({ locale: "en-US" });
  await page.goto(url);
  await page.waitForTimeout(OUTAGE_AFTER_MS);
  await page.getByRole("button", { name: "outage" }).click();
  await page.waitForTimeout(OUTAGE_MS);
  await page.getByRole("button", { name: "well" }).click();
  await page.waitForTimeout(RECOVERY_MS);
  await page.close();
}

async function takeAll(
  started: Browser,
  url: string,
  colorScheme: (typeof SCHEMES)[number],
  width: number,
): Promise<void> {
  const context = await started.newContext({
    locale: "en-US",
    colorScheme,
    viewport: { width, height: 844 },
  });
  const page = await context.newPage();
  await page.goto(url);
  for (const [name, hash] of PAGES) {
    await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
    await page.getByText("Looking …").waitFor({ state: "hidden", timeout: PATIENCE_MS });
    await page.waitForTimeout(DRAWN_AFTER_MS);
    const path = join(folder, `${name}-${colorScheme}-${width}.png`);
    await page.screenshot({ path, fullPage: true });
    process.stdout.write(`${path}\n`);
  }
  await context.close();
}
