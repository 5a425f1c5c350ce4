import { demoProvider } from "@sluice/testing/demo-provider";
import { createVentilatorHarness, messageFor, reply } from "@sluice/testing/ventilator-harness";
import { expect, test } from "vitest";
import { Unreachable } from "../errors.ts";
import { parseProvider } from "../provider/parse-provider.ts";
import { createMemoryFetchStore } from "../storage/memory-fetch-store.ts";

const MINUTE_MS = 60_000;

/** The SDK tries a throttled call three times before it says so. */
const SAYS_SO_AFTER_MS = 900;

const longCalls = parseProvider(
  {
    id: "demo",
    maxConcurrency: 1,
    slowAfterMs: 30_000,
    timeoutMs: 72_000,
    latency: { medianMs: 3_000, sigma: 1, minMs: 200, maxMs: 70_000 },
    worker: { name: "demo" },
  },
  "in a test",
);

test.each([
  ["short calls", demoProvider()],
  ["calls of 70 s", longCalls],
])(
  "a table that throttles for a minute loses no completion: %s, the last that fits its batch",
  async (_, provider) => {
    const fetches = createMemoryFetchStore();
    let throttledUntilMs = 0;
    const harness = createVentilatorHarness(
      (request, { clock }) => {
        clock.advance(provider.timeoutMs);
        throttledUntilMs = clock.nowMs() + MINUTE_MS;
        return reply(request, { kind: "ok", latencyMs: provider.timeoutMs });
      },
      {
        provider,
        fetches: {
          ...fetches,
          async complete(completion) {
            if (harness.clock.nowMs() >= throttledUntilMs) return fetches.complete(completion);
            harness.clock.advance(SAYS_SO_AFTER_MS);
            throw new Unreachable("DynamoDB", "Throughput exceeds the current capacity");
          },
        },
      },
    );
    const { worker, ventilator } = provider;
    const timeoutMs = worker.timeoutMs + ventilator.marginMs + 1;
    expect(timeoutMs).toBeLessThan(ventilator.timeoutMs);
    expect(await harness.run([messageFor("a")], { timeoutMs })).toEqual([]);
    expect(await harness.rowOf("a")).toMatchObject({ status: "fetched", attempts: 1 });
  },
);
