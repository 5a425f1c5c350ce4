import { NOON_MS } from "@sluice/testing/fake-clock";
import { createVentilatorHarness, messageFor, reply } from "@sluice/testing/ventilator-harness";
import { describe, expect, test } from "vitest";
import { Unreachable } from "../errors.ts";
import type { ReceivedMessage } from "../ports/queue.ts";
import { createMemoryFetchStore } from "../storage/memory-fetch-store.ts";
import { rankCandidates } from "./candidates.ts";

const DAY_MS = 24 * 3_600_000;
const OLD = { sentAtMs: NOON_MS };

/** A provider that answers for the record `good` alone. */
function createDemo(fetches = createMemoryFetchStore()) {
  return createVentilatorHarness(
    (request, { clock }) => {
      clock.advance(1);
      return request.recordId === "good"
        ? reply(request, { kind: "ok", latencyMs: 5 })
        : reply(request, { kind: "fault", latencyMs: 5, cause: "HTTP 500" });
    },
    { fetches },
  );
}

/** The standing on the next day of a record that failed on this one, others having been fetched since or not. */
async function standingAfter(lastOkAtMs: number, received: ReceivedMessage) {
  const harness = createDemo();
  await harness.run([received]);
  harness.clock.advance(DAY_MS);
  const task = { received, message: JSON.parse(received.body) };
  const [candidate] = await rankCandidates([task], lastOkAtMs, harness.deps);
  return candidate?.standing;
}

describe("in a probe, a record that failed on the day before", () => {
  test("while others were fetched, is doubtful", async () => {
    expect(await standingAfter(NOON_MS + 2, messageFor("bad", OLD))).toBe("doubtful");
  });

  test("without a success of anybody's since, is as good as a fresh one", async () => {
    expect(await standingAfter(NOON_MS - 1, messageFor("bad", OLD))).toBe("fresh");
  });

  test("is a fresh one for a message of today", async () => {
    const today = messageFor("bad", { sentAtMs: NOON_MS + DAY_MS });
    expect(await standingAfter(NOON_MS + 2, today)).toBe("fresh");
  });
});

/** The evidence of the first fault of the day of a record that failed on the day before, while others were fetched. */
async function evidenceOnNextDay(store = createMemoryFetchStore()) {
  let isAway = false;
  const harness = createDemo({
    ...store,
    async get(key) {
      if (isAway) throw new Unreachable("the table", "throttled");
      return store.get(key);
    },
  });
  await harness.run([messageFor("bad", OLD), messageFor("good", OLD)]);
  const before = (await harness.permitItems.read(0)).evidence;
  harness.clock.advance(DAY_MS);
  return {
    goAway() {
      isAway = true;
    },
    async failAgain() {
      await harness.run([messageFor("bad", OLD)]);
      const { evidence } = await harness.permitItems.read(0);
      return {
        faultCount: evidence.faultCount - before.faultCount,
        repeatFaultCount: evidence.repeatFaultCount - before.repeatFaultCount,
      };
    },
  };
}

describe("at an open gate, the first fault of the day of a record that failed on the day before", () => {
  test("speaks of the record, others having been fetched since", async () => {
    const { failAgain } = await evidenceOnNextDay();
    expect(await failAgain()).toEqual({ faultCount: 0, repeatFaultCount: 1 });
  });

  test("speaks of the provider where nobody knows of that day", async () => {
    const { goAway, failAgain } = await evidenceOnNextDay();
    goAway();
    expect(await failAgain()).toEqual({ faultCount: 1, repeatFaultCount: 0 });
  });
});
