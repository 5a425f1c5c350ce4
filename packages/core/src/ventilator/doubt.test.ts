import { demoProvider } from "@sluice/testing/demo-provider";
import { quietStatus } from "@sluice/testing/quiet-status";
import {
  createVentilatorHarness,
  messageFor,
  reply,
  type VentilatorHarness,
} from "@sluice/testing/ventilator-harness";
import { expect, test } from "vitest";
import { DEAD_LETTER_ATTRIBUTE } from "../records/message.ts";
import type { WorkerRequest } from "../worker/request.ts";
import { knownInAll, NO_ANSWERS } from "./known-answers.ts";

const rejected = (request: WorkerRequest) =>
  reply(request, { kind: "rejected", latencyMs: 5, cause: "HTTP 404" });

const lettersOf = ({ deadLetters }: VentilatorHarness) =>
  deadLetters.entries.map(({ body, attributes }) => [
    JSON.parse(body).recordId,
    attributes?.[DEAD_LETTER_ATTRIBUTE],
  ]);

async function report(harness: VentilatorHarness, evidence: Record<string, number>, atMs?: number) {
  await harness.permitItems.report(0, { epoch: 0, evidence, atMs: atMs ?? harness.clock.nowMs() });
}

test("while nothing was fetched today a rejected record keeps its attempts, and dies of the fifth rejection", async () => {
  const harness = createVentilatorHarness(rejected);
  for (let count = 1; count < 5; count += 1) {
    expect(await harness.run([messageFor("a")])).toEqual(["message-a"]);
    expect(await harness.rowOf("a")).toMatchObject({ status: "failed", attempts: 0 });
  }
  expect(harness.queue.changes.map(({ delayMs }) => delayMs)).toEqual([15_000, 30_000, 45_000, 45_000]);
  expect(await harness.run([messageFor("a")])).toEqual([]);
  expect(await harness.rowOf("a")).toMatchObject({ status: "dead", attempts: 1 });
  expect(lettersOf(harness)).toEqual([["a", expect.stringContaining("HTTP 404 (rejected 5 times)")]]);
});

test("a first rejection is in doubt whatever others meet, because hundreds can be rejected before anybody knows of it", async () => {
  const harness = createVentilatorHarness(rejected);
  await harness.otherFetched();
  expect(await harness.run([messageFor("a")])).toEqual(["message-a"]);
  expect(await harness.rowOf("a")).toMatchObject({ status: "failed", attempts: 0 });
  expect(await harness.run([messageFor("a")])).toEqual([]);
});

test("what was fetched the day before is no proof that the address is right today", async () => {
  const harness = createVentilatorHarness(rejected);
  const dayMs = 24 * 60 * 60_000;
  await report(harness, { okCount: 1 }, harness.clock.nowMs() - dayMs);
  await harness.run([messageFor("a")]);
  expect(await harness.run([messageFor("a")])).toEqual(["message-a"]);
  await harness.otherFetched();
  expect(await harness.run([messageFor("a")])).toEqual([]);
});

test("ten rejections in a row are believed, of whomever they were told by; a success makes them believed again", async () => {
  const harness = createVentilatorHarness((request) =>
    request.recordId === "good" ? reply(request, { kind: "ok", latencyMs: 5 }) : rejected(request),
  );
  for (const recordId of ["a", "b"]) await harness.run([messageFor(recordId)]);
  await harness.otherFetched();
  await report(harness, { rejectedCount: 9 });
  expect(await harness.run([messageFor("a")])).toEqual([]);
  expect(await harness.run([messageFor("b")])).toEqual(["message-b"]);
  harness.clock.advance(1);
  expect(await harness.run([messageFor("good"), messageFor("b")])).toEqual([]);
  expect(lettersOf(harness).map(([record]) => record)).toEqual(["a", "b"]);
});

test("a batch counts its own rejections before it has reported them, each for four", async () => {
  const harness = createVentilatorHarness(rejected);
  const messages = Array.from({ length: 9 }, (_, index) => messageFor(String(index)));
  await harness.run(messages);
  await harness.otherFetched();
  await report(harness, { rejectedCount: 4 });
  expect(await harness.run(messages)).toHaveLength(7);
  expect(lettersOf(harness)).toHaveLength(2);
});

test("probes are rejected without an end, and noted once", async () => {
  const control = { phase: "half-open", limit: 1, target: 1, epoch: 0, isValveKept: false } as const;
  const look = async () => quietStatus(control);
  const breaker = { look, consider: async () => {}, observe: async () => "lost" as const };
  const harness = createVentilatorHarness(rejected, { breaker });
  for (let count = 1; count <= 8; count += 1) {
    await harness.permitItems.setControl(0, { phase: "half-open", limit: 1, epoch: count });
    await harness.run([messageFor("a")], { timeoutMs: 120_000 });
    expect(await harness.rowOf("a")).toMatchObject({ status: "failed", attempts: 0 });
  }
  expect(harness.starts).toHaveLength(8);
  expect((await harness.rowOf("a"))?.history).toMatchObject([{ outcome: "rejected", cause: "HTTP 404" }]);
  const soonestMs = Math.min(...harness.queue.changes.map(({ delayMs }) => delayMs));
  expect(soonestMs).toBeGreaterThanOrEqual(9 * demoProvider().breaker.paceMs);
});

test.each([
  [{ lastOkAtMs: 1, rejectedSinceOkCount: 9 }, { lastOkAtMs: 2, rejectedSinceOkCount: 1 }, 2, 37],
  [{ lastOkAtMs: 2, rejectedSinceOkCount: 1 }, { lastOkAtMs: 1, rejectedSinceOkCount: 9 }, 2, 1],
])("of its own %j and the others' %j a batch knows: the last success at %i, %i rejections", (...answers) => {
  const [own, told, lastOkAtMs, rejectedSinceOkCount] = answers;
  const known = knownInAll({ ...NO_ANSWERS, ...own }, { ...told, closedAtMs: 7, wellAtMs: 3 });
  expect(known).toEqual({ lastOkAtMs, rejectedSinceOkCount, closedAtMs: 7, wellAtMs: 3 });
});

test("a dead letter that was put back is believed at once, and says nothing of others", async () => {
  const harness = createVentilatorHarness(rejected);
  const messages = ["a", "b", "c"].map((recordId) => messageFor(recordId, { isRedriven: true }));
  expect(await harness.run(messages)).toEqual([]);
  expect(lettersOf(harness)).toHaveLength(3);
  const { evidence, rejectedSinceOkCount } = await harness.permitItems.read(0);
  expect([evidence.rejectedCount, evidence.ownRejectedCount, rejectedSinceOkCount]).toEqual([3, 3, 0]);
});
