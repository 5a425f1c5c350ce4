import { createBreakerHarness } from "@sluice/testing/breaker-harness";
import { tinyLaw } from "@sluice/testing/tiny-law";
import { expect, test } from "vitest";
import { observeOnly } from "../law/observe-only.ts";

const law = observeOnly(tinyLaw);
const FAULTS = { faultCount: 3 };
const X = 3;
const WIDE_OPEN = { phase: "closed", limit: X, epoch: 0 };

test("a trip is told as advice, and is obeyed by nobody", async () => {
  const charted: unknown[] = [];
  const metrics = { batch() {}, gauges() {}, decision: (sample: unknown) => void charted.push(sample) };
  const harness = createBreakerHarness({ shardCount: 2 });
  const { breaker, items, wishes } = harness.start({ law, metrics });
  await harness.report(FAULTS);
  expect((await breaker.look()).control).toMatchObject(WIDE_OPEN);
  expect(await harness.decisions()).toMatchObject([
    { kind: "advice", summary: "would: trip: limit 3 → open", details: { rule: "trip" } },
  ]);
  expect(items.calls).not.toContain("setControl");
  expect({ charted, wishes }).toEqual({ charted: [], wishes: [] });
  expect(await harness.state()).toMatchObject(WIDE_OPEN);
});

test("an advice does not wait until the state is to be stored anyway", async () => {
  const harness = createBreakerHarness();
  const { breaker } = harness.start({ law });
  await harness.report({ okCount: 1 });
  await breaker.look();
  await harness.report(FAULTS);
  await breaker.look();
  expect(await harness.decisions()).toHaveLength(1);
});

test("the same evidence brings no further advice, in no process; as much again does", async () => {
  const harness = createBreakerHarness({ shardCount: 2 });
  const processes = [harness.start({ law }), harness.start({ law })];
  const lookAll = async () => {
    harness.clock.advance(5_000);
    for (const { breaker } of processes) await breaker.look();
  };
  await harness.report(FAULTS);
  await lookAll();
  await lookAll();
  expect(await harness.decisions()).toHaveLength(1);
  await harness.report({ faultCount: 2 }, { shard: 1 });
  await lookAll();
  expect(await harness.decisions()).toHaveLength(1);
  await harness.report({ faultCount: 1 });
  await lookAll();
  expect(await harness.decisions()).toHaveLength(2);
});

test("of several who notice at once, one tells", async () => {
  const harness = createBreakerHarness();
  await harness.report(FAULTS);
  await Promise.all([1, 2, 3].map(() => harness.start({ law }).breaker.look()));
  expect(await harness.decisions()).toHaveLength(1);
});

test("an advice that can't be stored is lost, and nothing else", async () => {
  const harness = createBreakerHarness();
  const { breaker, events } = harness.start({ law });
  events.spoil(() => "unreachable");
  await harness.report(FAULTS);
  expect((await breaker.look()).control).toMatchObject(WIDE_OPEN);
  expect(events.calls).toEqual(["append"]);
});

test("nobody gets leave to probe", async () => {
  const harness = createBreakerHarness();
  const { breaker } = harness.start({ law });
  await harness.report(FAULTS);
  await breaker.look();
  harness.clock.advance(600_000);
  expect(await breaker.observe({ kind: "probe-due", hasRecord: true })).toBe("lost");
  expect(await breaker.observe({ kind: "probe-due", hasRecord: false })).toBe("lost");
});

test("a gate that a governing law has left shut is opened by the first look", async () => {
  const harness = createBreakerHarness({ shardCount: 2 });
  const governing = harness.start();
  await harness.report(FAULTS);
  await governing.breaker.look();
  const { breaker, wishes } = harness.start({ law });
  expect((await breaker.look()).control).toMatchObject({ phase: "closed", limit: X, epoch: 2 });
  for (const shard of await harness.shards()) {
    expect(shard).toMatchObject({ phase: "closed", limit: X, epoch: 2 });
  }
  expect((await harness.decisions()).at(-1)).toMatchObject({
    kind: "decision",
    summary: "released: the law only observes from now on: open → limit 3",
  });
  expect(wishes).toHaveLength(1);
  harness.clock.advance(5_000);
  await breaker.look();
  expect(await harness.decisions()).toHaveLength(2);
});
