import { anyProvider } from "@sluice/testing/any-provider";
import fc from "fast-check";
import { expect, test } from "vitest";
import { batchTimesOf, workTimesOf } from "./batch-times.ts";

test("whatever the provider, a permit outlives the last call, a claim the batch, and the answer comes in time", () => {
  fc.assert(
    fc.property(anyProvider, (provider) => {
      const { worker, ventilator, queue } = provider;
      const nowMs = 1_000_000_000;
      const deadlineAtMs = nowMs + ventilator.timeoutMs;
      const times = batchTimesOf(provider, deadlineAtMs, nowMs);
      const lastCallEndMs = times.invokeUntilMs + worker.timeoutMs;
      expect(times.takeUpUntilMs).toBeGreaterThan(nowMs);
      expect(times.invokeUntilMs).toBeGreaterThan(times.takeUpUntilMs);
      expect(times.permitsUntilMs).toBeGreaterThanOrEqual(lastCallEndMs + 2_000);
      expect(times.permitsUntilMs).toBeLessThanOrEqual(times.leaseUntilMs);
      expect(times.leaseUntilMs).toBe(deadlineAtMs + 2_000);
      expect(times.writeUntilMs - lastCallEndMs).toBeGreaterThanOrEqual(
        Math.max(1_000, ventilator.marginMs - 2_000),
      );
      expect(times.writeUntilMs).toBeLessThan(times.answerAtMs);
      expect(times.answerAtMs).toBeLessThan(deadlineAtMs);
      expect(times.hiddenUntilMaxMs).toBeLessThan(
        nowMs - Math.min(queue.visibilityTimeoutMs, 21_600_000) + 43_200_000,
      );
    }),
  );
});

test("after a wait, work ends with the batch, and the permits of a holder that dies run out as soon as without one", () => {
  fc.assert(
    fc.property(anyProvider, fc.double({ min: 0, max: 1, noNaN: true }), (provider, waitedShare) => {
      const startedAtMs = 1_000_000_000;
      const batch = batchTimesOf(provider, startedAtMs + provider.ventilator.timeoutMs, startedAtMs);
      const waitedMs = waitedShare * (batch.takeUpUntilMs - startedAtMs);
      const work = workTimesOf(provider, batch, startedAtMs + waitedMs);
      const atOnce = workTimesOf(provider, batch, startedAtMs);
      expect(work.takeUpUntilMs).toBeGreaterThanOrEqual(startedAtMs + waitedMs);
      expect(work.permitsUntilMs).toBeLessThanOrEqual(batch.permitsUntilMs);
      expect(work.permitsUntilMs - waitedMs).toBeLessThanOrEqual(atOnce.permitsUntilMs + 1e-6);
      expect(work.hiddenUntilMaxMs).toBe(batch.hiddenUntilMaxMs);
    }),
  );
});
