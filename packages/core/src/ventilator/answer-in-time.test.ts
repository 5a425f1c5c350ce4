import {
  createVentilatorHarness,
  messageFor,
  reply,
  type VentilatorHarness,
} from "@sluice/testing/ventilator-harness";
import { expect, test } from "vitest";
import type { WorkerRequest } from "../worker/request.ts";
import { ventilate } from "./ventilate.ts";

const never = (): Promise<never> => new Promise(() => {});

/** A record that succeeds, one that dies because its letter was put back, one that is retried, and a message that is none. */
const MESSAGES = [
  messageFor("good"),
  messageFor("rejected", { isRedriven: true }),
  messageFor("faulty"),
  messageFor("bad", { body: "hello" }),
];

function worker(request: WorkerRequest) {
  switch (request.recordId) {
    case "good":
      return reply(request, { kind: "ok", latencyMs: 5 });
    case "rejected":
      return reply(request, { kind: "rejected", latencyMs: 5, cause: "HTTP 404" });
    default:
      return reply(request, { kind: "fault", latencyMs: 5, cause: "HTTP 500" });
  }
}

/** Runs a batch on parts of which some never answer, while time passes; returns the ids handed back, and when. */
async function runWhileTimePasses(spoil: (harness: VentilatorHarness) => object) {
  const harness = createVentilatorHarness(worker);
  const { clock, queue } = harness;
  await harness.otherFetched();
  const { queue: spoiltQueue = queue, ...parts } = spoil(harness) as { queue?: typeof queue };
  const deadlineAtMs = clock.nowMs() + harness.deps.provider.ventilator.timeoutMs;
  const batch = { messages: MESSAGES, queue: spoiltQueue, deadlineAtMs, fanOut: 2 };
  let handedBack: readonly string[] | undefined;
  const running = ventilate(batch, { ...harness.deps, ...parts }).then((ids) => {
    handedBack = ids;
  });
  while (handedBack === undefined && clock.nowMs() < deadlineAtMs) {
    await new Promise(setImmediate);
    clock.advance(20);
  }
  const leftMs = deadlineAtMs - clock.nowMs();
  await running;
  return { harness, handedBack, leftMs };
}

/** Each call that a batch makes, as one that never answers. */
const SILENT: readonly (readonly [call: string, (harness: VentilatorHarness) => object])[] = [
  ["claim", ({ deps }) => ({ fetches: { ...deps.fetches, claim: never } })],
  ["complete", ({ deps }) => ({ fetches: { ...deps.fetches, complete: never } })],
  ["check out", ({ deps }) => ({ permits: { ...deps.permits, checkOut: never } })],
  ["check in", ({ deps }) => ({ permits: { ...deps.permits, checkIn: never } })],
  ["report", ({ deps }) => ({ permits: { ...deps.permits, report: never } })],
  ["look", ({ deps }) => ({ breaker: { ...deps.breaker, consider: never } })],
  ["dead letter", ({ deps }) => ({ deadLetters: { ...deps.deadLetters, send: never } })],
  ["change of visibility", ({ queue }) => ({ queue: { ...queue, changeVisibility: never } })],
];

test.each(SILENT)("a %s that never answers does not keep a batch from its answer", async (_, spoil) => {
  const { handedBack, leftMs, harness } = await runWhileTimePasses(spoil);
  expect(leftMs).toBeGreaterThan(0);
  const dead = harness.deadLetters.entries.map(({ body }) => body);
  for (const { messageId, body } of MESSAGES) {
    if (handedBack?.includes(messageId)) continue;
    const isFetched = messageId === "message-good" && (await harness.rowOf("good"))?.status === "fetched";
    expect(isFetched || dead.includes(body), messageId).toBe(true);
  }
});

test("all of them together don't either", async () => {
  const all = (harness: VentilatorHarness) =>
    Object.assign({}, ...SILENT.slice(3).map(([, one]) => one(harness)));
  expect((await runWhileTimePasses(all)).leftMs).toBeGreaterThan(0);
});

test("messages and permits are handed back before the breaker has looked", async () => {
  const seen: { leases: number; changes: number }[] = [];
  const { leftMs } = await runWhileTimePasses(({ deps, queue, permitItems }) => ({
    breaker: {
      ...deps.breaker,
      async consider() {
        const { leases } = await permitItems.read(0);
        await new Promise(setImmediate);
        seen.push({ leases: leases.length, changes: queue.changes.length });
        return never();
      },
    },
  }));
  expect(seen).toEqual([{ leases: 0, changes: 1 }]);
  expect(leftMs).toBeGreaterThan(0);
});

test("a claim that never answers leaves the other records their time", async () => {
  const { harness, handedBack } = await runWhileTimePasses(({ deps }) => ({
    fetches: {
      ...deps.fetches,
      claim: (claim: Parameters<typeof deps.fetches.claim>[0]) =>
        claim.recordId === "faulty" ? never() : deps.fetches.claim(claim),
    },
  }));
  expect(handedBack).toEqual(["message-faulty"]);
  expect(harness.starts.map(({ recordId }) => recordId)).toEqual(["good", "rejected"]);
});
