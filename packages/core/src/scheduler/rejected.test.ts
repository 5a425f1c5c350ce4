import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { createSchedulerHarness } from "./fakes/scheduler-harness.ts";

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

const MB = 1_000_000;

function heapMb(): number {
  // The engine lets go of the names of an object's parts only in the second round.
  collectGarbage();
  collectGarbage();
  return process.memoryUsage().heapUsed / MB;
}

/** A text of its own, not one that shares its characters with another. */
const page = (index: number) => Buffer.alloc(MB, `${index} `).toString("latin1");

test.each<[what: string, input: (index: number) => unknown]>([
  ["long ids", page],
  ["ids cut out of long texts", (index) => `${page(index)}\ud800`.slice(-60)],
  ["objects for ids", (index) => ({ id: { text: page(index) } })],
  ["lists", (index) => [page(index)]],
  ["large payloads", (index) => ({ id: `record-${index}`, payload: page(index) })],
  ["unknown keys", (index) => ({ id: `record-${index}`, [page(index)]: 1 })],
  [
    "ids cut out of long texts, with a payload that is none",
    (index) => ({ id: page(index).slice(-60), payload: Number.NaN }),
  ],
])("rejected inputs are not kept: %s", async (_, input) => {
  const { scheduler } = createSchedulerHarness();
  const beforeMb = heapMb();
  function* inputs(): Generator<unknown> {
    for (let index = 0; index < 60; index += 1) yield input(index);
  }
  const result = await scheduler.enqueue(inputs());
  expect(heapMb() - beforeMb).toBeLessThan(10);
  expect(result.rejectedCount).toBe(60);
});

test("ids that the queue refuses keep nothing alive either", async () => {
  const { scheduler, records } = createSchedulerHarness();
  records.refuse(() => ({ reason: page(0).slice(-60), isFinal: true }));
  const beforeMb = heapMb();
  function* inputs(): Generator<unknown> {
    for (let index = 0; index < 60; index += 1) yield `${index} ${page(index).slice(-60)}`.slice(0, 60);
  }
  const result = await scheduler.enqueue(inputs());
  expect(heapMb() - beforeMb).toBeLessThan(10);
  expect(result.rejectedCount).toBe(60);
});

test("the first thousand rejected inputs are listed, and all are counted", async () => {
  const { scheduler } = createSchedulerHarness();
  const told: number[] = [];
  function* inputs(): Generator<unknown> {
    for (let index = 0; index < 1_500; index += 1) yield "";
    yield* Array.from({ length: 10 }, (_, index) => `record-${index}`);
  }
  const onProgress = ({ rejected }: { rejected: number }) => told.push(rejected);
  const { accepted, rejected, rejectedCount } = await scheduler.enqueue(inputs(), { onProgress });
  expect([accepted, rejectedCount, rejected.length]).toEqual([10, 1_500, 1_000]);
  expect(rejected.at(-1)).toEqual({ index: 999, id: "", reason: "the id is empty" });
  expect(told).toEqual([1_500]);
});

test.each<[input: unknown, id: unknown]>([
  ["", ""],
  ["\ud800", "\ud800"],
  [`${"x".repeat(99)}\ud800`, `${"x".repeat(99)}\ud800`],
  ["x".repeat(1_025), `${"x".repeat(100)}…`],
  [`${"x".repeat(99)}${"🦊".repeat(1_025)}`, `${"x".repeat(99)}…`],
  [7, 7],
  [10n ** 200n, `1${"0".repeat(99)}…`],
  [{ id: true }, true],
  [null, null],
  [undefined, undefined],
  [{}, undefined],
  [["a"], "(an array)"],
  [{ id: { a: 1 } }, "(an object)"],
  [() => {}, "(a function)"],
  [Symbol("a"), "(a symbol)"],
])(
  "a rejected id %# is shown in full up to 100 characters, and cut between two beyond",
  async (input, id) => {
    const { scheduler } = createSchedulerHarness();
    const { rejected } = await scheduler.enqueue([input]);
    expect(rejected).toEqual([{ index: 0, id, reason: expect.any(String) }]);
  },
);
