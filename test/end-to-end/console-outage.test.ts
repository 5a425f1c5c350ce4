import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startBrowser } from "../support/browser.ts";
import { type StartedCommand, startCommand } from "../support/start-command.ts";

const TIMEOUT_MS = 300_000;
/** Machines that run tests have much else to do. */
const PATIENCE_MS = 120_000;

let folder: string;
let browser: Browser;
let command: StartedCommand;
let url: string;
beforeAll(async () => {
  browser = await startBrowser();
  folder = await mkdtemp(join(tmpdir(), "console-outage-"));
  const weather = join(folder, "fine.json");
  const latency = { medianMs: 120, sigma: 0.4, minMs: 20, maxMs: 1_000 };
  await writeFile(weather, JSON.stringify({ name: "fine", provider: { latency } }));
  command = startCommand(["--weather", weather, "--records", "3000", "--pace", "1", "--json"], {
    TMPDIR: folder,
  });
  await command.printed(/Look at it: http/);
  url = /Look at it: (http\S+)/.exec(command.stderrSoFar())?.[1] ?? "";
}, TIMEOUT_MS);
afterAll(async () => {
  await browser?.close();
  command?.process.kill("SIGINT");
  await command?.ended;
  if (folder !== undefined) await rm(folder, { recursive: true });
}, TIMEOUT_MS);

test(
  "an outage is watched from the trip to its end: state, each decision, and its numbers",
  async () => {
    const page = await browser.newPage({ locale: "en-US", viewport: { width: 1280, height: 900 } });
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto(url);
    await page.getByRole("link", { name: "demo" }).click();
    const badge = (word: string) => page.locator(".title").getByText(word, { exact: true });
    const decision = (what: RegExp) => page.getByRole("option", { name: what }).first();
    await badge("flowing").waitFor();
    // The run of the bulk: users ask for some of its records by a run of their own, in the express lane.
    const tonight = page.getByRole("listitem").filter({ has: page.getByRole("link", { name: "tonight" }) });
    await tonight.getByText(/^3,000 records: [1-9][0-9,]* fetched/).waitFor();

    await page.getByRole("button", { name: "outage" }).click();
    await badge("open").waitFor();
    await page.locator(".reasons").getByText("open", { exact: true }).waitFor();
    await decision(/decision tripped: .* → open$/).waitFor();
    await decision(/decision probe .*: open → half-open$/).waitFor();

    await page.getByRole("button", { name: "well" }).click();
    await decision(/decision closed: the probe was answered: half-open → limit 1$/).waitFor();
    await badge("flowing").waitFor();
    await decision(/ up .*→ limit [2-9]/).waitFor();

    await decision(/decision tripped: /).click();
    const chosen = page.getByRole("region", { name: "The one that is chosen" });
    await chosen.getByText("its numbers").click();
    const numbers = JSON.parse((await chosen.locator("pre").textContent()) ?? "");
    expect(numbers).toMatchObject({ after: { phase: "open", limit: expect.any(Number) } });
  },
  TIMEOUT_MS,
);
