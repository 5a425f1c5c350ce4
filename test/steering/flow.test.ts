import { productionLaw } from "@sluice/core/law";
import { hold, readSteering, resume, type SteeringDeps } from "@sluice/core/operator";
import {
  createBreakerStore,
  createEventStore,
  createOrdersStore,
  createPermitItems,
} from "@sluice/core/storage";
import { createVirtualTable } from "@sluice/sim/cloud/dynamodb";
import { NOON_MS } from "@sluice/testing/fake-clock";
import { silentLog } from "@sluice/testing/silent-log";
import {
  createVentilatorHarness,
  messageFor,
  reply,
  type VentilatorHarness,
} from "@sluice/testing/ventilator-harness";
import { expect, test } from "vitest";

const HOUR_MS = 3_600_000;
const ANNA = { by: "anna", reason: "their maintenance" };
const CALL_MS = 1_000;

/** A ventilator whose calls take a second, and an operator of the same provider. */
function start(onCall: (harness: VentilatorHarness, operator: SteeringDeps) => Promise<void>) {
  const table = createVirtualTable();
  const items = createPermitItems(table, "demo");
  const harness = createVentilatorHarness(
    async (request, { clock }) => {
      clock.advance(CALL_MS);
      await onCall(harness, operator);
      return reply(request, { kind: "ok", latencyMs: CALL_MS });
    },
    { items },
  );
  const { provider, clock, ids, breaker } = harness.deps;
  const operator: SteeringDeps = {
    provider,
    clock,
    ids,
    breaker,
    items,
    law: productionLaw,
    bounds: { maxConcurrency: provider.maxConcurrency, shardCount: 1 },
    store: createBreakerStore(table, "demo"),
    orders: createOrdersStore(table, "demo"),
    events: createEventStore(table, "demo", clock.nowMs),
    log: silentLog,
  };
  return { harness, operator };
}

const messages = ["a", "b", "c", "d", "e", "f", "g", "h"].map((id) => messageFor(id));

test("a batch under way starts nothing more within three seconds of a hold, and what it leaves costs no attempt", async () => {
  const { harness, operator } = start(async ({ starts }) => {
    if (starts.length === 2) await hold({ ...ANNA, forMs: HOUR_MS }, operator);
  });
  const handedBack = await harness.run(messages);
  expect(harness.starts.length).toBeLessThanOrEqual(2 + 3);
  expect(handedBack).toHaveLength(messages.length - harness.starts.length);
  expect(await harness.rowOf("h")).toBeUndefined();
  const { reasons } = await readSteering(operator);
  expect(reasons).toMatchObject([{ kind: "order", untilMs: NOON_MS + 2 * CALL_MS + HOUR_MS, order: ANNA }]);
});

test("a record that a hold keeps back comes again within minutes, because the hold may be resumed", async () => {
  const { harness, operator } = start(async () => {});
  await harness.run([messageFor("first")]);
  await hold({ ...ANNA, forMs: "ever" }, operator);
  expect(await harness.run([messageFor("b")])).toEqual(["message-b"]);
  const [change] = harness.queue.changes;
  expect(change?.delayMs).toBeGreaterThan(60_000);
  expect(change?.delayMs).toBeLessThan(180_000);
  await resume(ANNA, operator);
  expect(await harness.run([messageFor("b")])).toEqual([]);
  expect((await harness.rowOf("b"))?.attempts).toBe(1);
});
