import { observeOnly } from "@sluice/core/breaker/observe-only";
import { expect, test } from "vitest";
import { tinyLaw } from "../support/tiny-law.ts";
import { createRig } from "./rig.ts";

const law = observeOnly(tinyLaw);
const FAULTS = { faultCount: 3 };
const X = 3;
const WIDE_OPEN = { phase: "closed", limit: X, epoch: 0 };

test("a trip is told as advice, and is obeyed by nobody", async () => {
  const charted: unknown[] = [];
  const metrics = { batch() {}, gauges() {}, decision: (sample: unknown) => void charted.push(sample) };
  const rig = createRig({ shardCount: 2 });
  const { breaker, items, wishes } = rig.start({ law, metrics });
  await rig.report(FAULTS);
  expect((await breaker.look()).governed).toMatchObject(WIDE_OPEN);
  expect(await rig.decisions()).toMatchObject([
    { kind: "advice", summary: "would: trip: limit 3 → open", details: { rule: "trip" } },
  ]);
  expect(items.calls).not.toContain("govern");
  expect({ charted, wishes }).toEqual({ charted: [], wishes: [] });
  expect(await rig.state()).toMatchObject(WIDE_OPEN);
});

test("an advice does not wait until the state is to be stored anyway", async () => {
  const rig = createRig();
  const { breaker } = rig.start({ law });
  await rig.report({ okCount: 1 });
  await breaker.look();
  await rig.report(FAULTS);
  await breaker.look();
  expect(await rig.decisions()).toHaveLength(1);
});

test("the same evidence brings no further advice, in no process; as much again does", async () => {
  const rig = createRig({ shardCount: 2 });
  const processes = [rig.start({ law }), rig.start({ law })];
  const lookAll = async () => {
    rig.clock.advance(5_000);
    for (const { breaker } of processes) await breaker.look();
  };
  await rig.report(FAULTS);
  await lookAll();
  await lookAll();
  expect(await rig.decisions()).toHaveLength(1);
  await rig.report({ faultCount: 2 }, { shard: 1 });
  await lookAll();
  expect(await rig.decisions()).toHaveLength(1);
  await rig.report({ faultCount: 1 });
  await lookAll();
  expect(await rig.decisions()).toHaveLength(2);
});

test("of several who notice at once, one tells", async () => {
  const rig = createRig();
  await rig.report(FAULTS);
  await Promise.all([1, 2, 3].map(() => rig.start({ law }).breaker.look()));
  expect(await rig.decisions()).toHaveLength(1);
});

test("an advice that can't be stored is lost, and nothing else", async () => {
  const rig = createRig();
  const { breaker, events } = rig.start({ law });
  events.spoil(() => "unreachable");
  await rig.report(FAULTS);
  expect((await breaker.look()).governed).toMatchObject(WIDE_OPEN);
  expect(events.calls).toEqual(["append"]);
});

test("the waker gets no leave to probe", async () => {
  const rig = createRig();
  const { breaker } = rig.start({ law });
  await rig.report(FAULTS);
  await breaker.look();
  rig.clock.advance(600_000);
  expect(await breaker.observe({ kind: "wake", isQueueEmpty: false })).toBe("lost");
  expect(await breaker.observe({ kind: "wake", isQueueEmpty: true })).toBe("lost");
});

test("a law that sees each report by itself gives advice as well", async () => {
  const rig = createRig();
  const { breaker } = rig.start({ law: observeOnly({ ...tinyLaw, isPerReport: true }) });
  for (let count = 0; count < 3; count += 1) await breaker.consider(await rig.report({ faultCount: 1 }));
  expect((await rig.decisions()).map(({ kind }) => kind)).toEqual(["advice"]);
  expect(await rig.state()).toMatchObject(WIDE_OPEN);
});

test("a gate that a governing law has left shut is opened by the first look", async () => {
  const rig = createRig({ shardCount: 2 });
  const governing = rig.start();
  await rig.report(FAULTS);
  await governing.breaker.look();
  const { breaker, wishes } = rig.start({ law });
  expect((await breaker.look()).governed).toMatchObject({ phase: "closed", limit: X, epoch: 2 });
  for (const shard of await rig.shards()) {
    expect(shard).toMatchObject({ phase: "closed", limit: X, epoch: 2 });
  }
  expect((await rig.decisions()).at(-1)).toMatchObject({
    kind: "decision",
    summary: "released: the law only observes from now on: open → limit 3",
  });
  expect(wishes).toHaveLength(1);
  rig.clock.advance(5_000);
  await breaker.look();
  expect(await rig.decisions()).toHaveLength(2);
});
