import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";
import { runCommand } from "../support/start-command.ts";

const PAYROLL = fileURLToPath(new URL("../../examples/providers/payroll.json", import.meta.url));
const PER_MINUTE = 300;
const RECORD_COUNT = 60;
/** The run needs some seconds to be set up, and is to begin while the provider is closed. */
const CLOSED_MIN_SECONDS = 20;
const HELD_FOR_SECONDS = 13;
/** The hold is given so long before the provider opens, or a little later, and ends after that. */
const HELD_BEFORE_OPENING_SECONDS = 10;
const RUN_TIMEOUT_MS = 300_000;

/** Time to the next whole minute, at which a closing ends. */
const secondsLeft = () => 60 - new Date().getSeconds();

test("nothing is in flight while a provider is closed, nothing starts while it is held, and its quotas are kept", {
  timeout: RUN_TIMEOUT_MS,
}, async () => {
  await vi.waitUntil(() => secondsLeft() > CLOSED_MIN_SECONDS, { timeout: 60_000, interval: 200 });
  const heldAfterSeconds = secondsLeft() - HELD_BEFORE_OPENING_SECONDS;
  const { code, stdout, stderr } = await runCommand([
    ...["--provider", PAYROLL, "--records", String(RECORD_COUNT), "--json", "--closes-after", "0"],
    ...["--hold-after", String(heldAfterSeconds), "--hold-for", String(HELD_FOR_SECONDS)],
  ]);
  const report = JSON.parse(stdout);
  expect(report, stderr).toMatchObject({
    accepted: RECORD_COUNT,
    stillQueued: 0,
    duplicateFetches: 0,
    whileClosed: 0,
    holds: 1,
    whileHeld: 0,
    verdict: "ok",
    broken: [],
  });
  expect(report.fetched + report.deadLettered).toBe(RECORD_COUNT);
  const [minute, day] = report.quotas;
  expect(minute).toMatchObject({ per: "minute", requests: PER_MINUTE });
  expect(minute.mostStarts).toBeGreaterThan(0);
  expect(minute.mostStarts).toBeLessThanOrEqual(PER_MINUTE);
  expect(day).toMatchObject({ per: "day", requests: 50_000 });
  // It was closed, and held, while something waited.
  expect(stderr).toMatch(/access closed until .*[1-9]\d* queued/);
  expect(stderr).toMatch(/held from .* until .* by .*: to see it on this machine/);
  expect(code).toBe(0);
});
