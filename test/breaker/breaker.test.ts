import { type Evidence, NO_EVIDENCE } from "@sluice/core/breaker/evidence";
import type { Law, Observation } from "@sluice/core/breaker/law";
import { describe, expect, test } from "vitest";
import { type TinyState, tinyLaw } from "../support/tiny-law.ts";
import { createRig } from "./rig.ts";

const OK = { okCount: 1 };
const FAULT = { faultCount: 1 };
const FAULTS = { faultCount: 3 };
const X = 3;

describe("evidence", () => {
  test("of an older epoch never reaches the law", async () => {
    const rig = createRig();
    const { breaker } = rig.start();
    await rig.items.govern(0, { phase: "closed", limit: 2, epoch: 4 });
    await breaker.look();
    const { epoch = 0 } = await rig.items.read(0);
    await rig.report(FAULTS, { epoch: epoch - 1 });
    await rig.report({ okCount: 2 }, { epoch });
    rig.clock.advance(60_000);
    await breaker.look();
    expect((await rig.state())?.seen[epoch]).toMatchObject({ okCount: 2, faultCount: 0 });
  });

  test("of one epoch is added up over shards and looks, each count once", async () => {
    const rig = createRig({ shardCount: 3 });
    const processes = [rig.start(), rig.start()];
    for (let round = 0; round < 3; round += 1) {
      for (let shard = 0; shard < 3; shard += 1) await rig.report(OK, { shard });
      rig.clock.advance(5_000);
      for (const { breaker } of processes) await breaker.look();
    }
    expect((await rig.state())?.seen[0]).toMatchObject({ okCount: 9 });
  });

  test("decides when its shards do so together", async () => {
    const rig = createRig({ shardCount: 3 });
    const { breaker } = rig.start();
    for (let shard = 0; shard < 2; shard += 1) await rig.report(FAULT, { shard });
    expect((await breaker.look()).governed.phase).toBe("closed");
    await rig.report(FAULT, { shard: 2 });
    expect((await breaker.look()).governed.phase).toBe("open");
    for (const shard of await rig.shards()) expect(shard).toMatchObject({ phase: "open", epoch: 1 });
  });

  test("that was overtaken by someone else's look is never shown as less than nothing", async () => {
    const shown: Observation[] = [];
    const rig = createRig();
    const slow = rig.start({
      law: {
        ...tinyLaw,
        decide(state, observation, config, nowMs) {
          shown.push(observation);
          return tinyLaw.decide(state, observation, config, nowMs);
        },
      },
    });
    const old = await rig.report(FAULT);
    await rig.report({ okCount: 2 });
    rig.clock.advance(5_000);
    await rig.start().breaker.look();
    rig.clock.advance(5_000);
    await slow.breaker.consider(old);
    expect(shown.map((each) => evidenceIn(each).okCount)).toEqual([0]);
    rig.clock.advance(5_000);
    await slow.breaker.look();
    expect((await rig.state())?.seen[0]).toMatchObject({ okCount: 2, faultCount: 1 });
  });

  test("is taken in again after a shard was lost", async () => {
    const shards = [createRig().items, createRig().items];
    const rig = createRig({ items: { ...createRig().items, ...forwardTo(() => shards[0]) } });
    const { breaker } = rig.start();
    await rig.report({ okCount: 4 });
    rig.clock.advance(5_000);
    await breaker.look();
    shards.shift();
    rig.clock.advance(5_000);
    await breaker.look();
    await rig.report({ faultCount: 2 });
    rig.clock.advance(5_000);
    await breaker.look();
    expect((await rig.state())?.seen[0]).toMatchObject({ okCount: 4, faultCount: 2 });
  });

  test("is stored without a decision at most every 2 s, and not at all while there is none", async () => {
    const rig = createRig();
    const { breaker, store } = rig.start();
    const commitCount = () => store.calls.filter((call) => call === "commit").length;
    await breaker.look();
    rig.clock.advance(60_000);
    await breaker.look();
    expect(commitCount()).toBe(0);
    for (const [advanceMs, expected] of [
      [0, 1],
      [1_999, 1],
      [1, 2],
      [10_000, 3],
    ] as const) {
      rig.clock.advance(advanceMs);
      await rig.report(OK);
      await breaker.look();
      expect(commitCount()).toBe(expected);
    }
  });
});

describe("several processes", () => {
  test("that decide at once make one decision, and both know it", async () => {
    const rig = createRig({ shardCount: 2 });
    const [one, other] = [rig.start(), rig.start()];
    await rig.report(FAULTS);
    const standings = await Promise.all([one.breaker.look(), other.breaker.look()]);
    expect(standings.map(({ governed }) => [governed.phase, governed.epoch])).toEqual([
      ["open", 1],
      ["open", 1],
    ]);
    expect(await rig.decisions()).toHaveLength(1);
    expect([...one.wishes, ...other.wishes]).toHaveLength(1);
    for (const shard of await rig.shards()) expect(shard).toMatchObject({ phase: "open", epoch: 1 });
  });

  test("a decision that falls between another's reads is spread by it as it was made", async () => {
    const rig = createRig({ shardCount: 2 });
    const [slow, quick] = [rig.start(), rig.start()];
    await rig.report(FAULTS);
    quick.items.spoil((method) => (method === "govern" ? "unreachable" : undefined));
    const read = rig.store.read;
    let isFirst = true;
    slow.store.port.read = async () => {
      const stored = await read();
      if (!isFirst) return stored;
      isFirst = false;
      await quick.breaker.look();
      // Of its decision one shard has heard, when the slow one reads them.
      await rig.items.govern(0, { phase: "open", limit: X, epoch: 1 });
      return stored;
    };
    expect((await slow.breaker.look()).governed).toMatchObject({ phase: "open", epoch: 1 });
    for (const shard of await rig.shards()) expect(shard).toMatchObject({ phase: "open", epoch: 1 });
  });

  test("that died between commit and spreading: the next look tells the shards", async () => {
    const rig = createRig({ shardCount: 2 });
    const dead = rig.start();
    dead.items.spoil((method) => (method === "govern" ? "unreachable" : undefined));
    dead.events.spoil(() => "unreachable");
    await rig.report(FAULTS);
    await dead.breaker.look();
    expect((await rig.shards()).map(({ epoch }) => epoch)).toEqual([undefined, undefined]);
    rig.clock.advance(5_000);
    await rig.start().breaker.look();
    for (const shard of await rig.shards())
      expect(shard).toMatchObject({ phase: "open", limit: X, epoch: 1 });
    // What the shards held until then is of the epoch before.
    rig.clock.advance(5_000);
    await rig.start().breaker.look();
    expect(await rig.state()).toMatchObject({ epoch: 1 });
    expect((await rig.state())?.seen[1] ?? NO_EVIDENCE).toEqual(NO_EVIDENCE);
  });

  test("a commit that went through without an answer is a decision all the same", async () => {
    const rig = createRig();
    const cutOff = rig.start();
    cutOff.store.spoil((method) => (method === "commit" ? "lost" : undefined));
    await cutOff.breaker.consider(await rig.report(FAULTS));
    expect((await rig.state())?.phase).toBe("open");
    await rig.start().breaker.look();
    expect(await rig.items.read(0)).toMatchObject({ phase: "open", epoch: 1 });
  });
});

describe("a state that was lost", () => {
  test("begins afresh in an epoch that the shards obey, and goes on deciding", async () => {
    const rig = createRig({ shardCount: 2 });
    await rig.items.govern(0, { phase: "open", limit: 1, epoch: 7 });
    await rig.items.govern(1, { phase: "open", limit: 1, epoch: 6 });
    const { breaker, wishes } = rig.start();
    expect((await breaker.look()).governed).toMatchObject({ phase: "closed", limit: X, epoch: 8 });
    for (const shard of await rig.shards())
      expect(shard).toMatchObject({ phase: "closed", limit: X, epoch: 8 });
    expect(wishes).toEqual([{ phase: "closed", limit: X, heldUntilMs: 0 }]);
    expect((await rig.decisions()).map(({ summary }) => summary)).toEqual([
      "the state was lost: begun afresh (epoch 8): limit 3 → limit 3",
    ]);
    await rig.report(FAULTS, { epoch: 8 });
    expect((await breaker.look()).governed).toMatchObject({ phase: "open", epoch: 9 });
    for (const shard of await rig.shards()) expect(shard).toMatchObject({ phase: "open", epoch: 9 });
  });

  test("is begun afresh once, however many notice", async () => {
    const rig = createRig();
    await rig.items.govern(0, { phase: "open", limit: 1, epoch: 7 });
    await Promise.all([rig.start(), rig.start(), rig.start()].map(({ breaker }) => breaker.look()));
    expect(await rig.decisions()).toHaveLength(1);
    expect(await rig.items.read(0)).toMatchObject({ phase: "closed", epoch: 8 });
  });
});

describe("what fails", () => {
  test.each(["store", "items", "events"] as const)(
    "never throws out of consider: %s unreachable",
    async (part) => {
      const rig = createRig();
      const process = rig.start();
      process[part].spoil(() => "unreachable");
      const news = await rig.report(FAULTS);
      await process.breaker.consider(news);
      expect(process[part].calls).not.toEqual([]);
      process[part].spoil(() => undefined);
      rig.clock.advance(60_000);
      await process.breaker.consider(await rig.report(OK));
      expect(await rig.items.read(0)).toMatchObject({ phase: "open" });
    },
  );

  test("a state that can't be read is replaced: the breaker begins afresh instead of standing still", async () => {
    const rig = createRig();
    await rig.store.commit({ law: { phase: "tired" }, counted: {}, lookedAtMs: 0 }, 0);
    const { breaker } = rig.start();
    await breaker.consider(await rig.report(FAULTS));
    const { governed } = await breaker.look();
    expect(await rig.store.read()).toMatchObject({ state: { law: { phase: governed.phase } } });
    expect((await rig.store.read())?.version).toBeGreaterThan(1);
  });

  test("looks that lose every time end, and say how things stand", async () => {
    const rig = createRig();
    const { breaker, store } = rig.start();
    await rig.report(FAULTS);
    store.port.commit = async () => "conflict";
    expect((await breaker.look()).governed).toMatchObject({ phase: "closed", epoch: 0 });
  });
});

describe("reports make a breaker look", () => {
  const lookCountOf = ({ store }: { store: { calls: string[] } }) =>
    store.calls.filter((call) => call === "read").length;

  test("at bad news at once, then at most every 500 ms", async () => {
    const rig = createRig();
    const process = rig.start({ law: deaf });
    const counts = [];
    for (const advanceMs of [0, 499, 1, 499, 1]) {
      rig.clock.advance(advanceMs);
      await process.breaker.consider(await rig.report(FAULT));
      counts.push(lookCountOf(process));
    }
    expect(counts).toEqual([1, 1, 2, 2, 3]);
  });

  test.each([
    ["every 4 s while the limit can grow", 2, 4_000],
    ["every 20 s at X", X, 20_000],
  ])("at good news %s, and not at all before", async (_, limit, everyMs) => {
    const rig = createRig();
    const process = rig.start({ law: deaf });
    await rig.store.commit({ law: { ...(await stateAt(limit)), epoch: 1 }, counted: {}, lookedAtMs: 0 }, 0);
    await rig.items.govern(0, { phase: "closed", limit, epoch: 1 });
    const counts = [];
    for (const advanceMs of [0, everyMs - 1, 1, everyMs - 1, 1]) {
      rig.clock.advance(advanceMs);
      await process.breaker.consider(await rig.report(OK, { epoch: 1 }));
      counts.push(lookCountOf(process));
    }
    expect(counts).toEqual([0, 0, 1, 1, 2]);
  });

  test("bad news that was looked into is no news", async () => {
    const rig = createRig();
    const process = rig.start({ law: deaf });
    await process.breaker.consider(await rig.report(FAULT));
    rig.clock.advance(3_000);
    await process.breaker.consider(await rig.report(OK));
    expect(lookCountOf(process)).toBe(1);
  });

  const deaf: Law<TinyState> = { ...tinyLaw, decide: (state) => ({ state }) };
  const stateAt = async (limit: number): Promise<TinyState> => ({
    phase: "closed",
    limit,
    epoch: 0,
    seen: {},
    failedProbeCount: 0,
  });
});

describe("a decision", () => {
  test("is stored with its reason, charted, and carried out on permits and valve", async () => {
    const rig = createRig();
    const charted: unknown[] = [];
    const metrics = { batch() {}, gauges() {}, decision: (sample: unknown) => void charted.push(sample) };
    const { breaker, wishes } = rig.start({ metrics });
    await rig.items.hold(0, rig.clock.nowMs() + 600_000);
    await rig.report(FAULTS);
    await breaker.look();
    expect(charted).toEqual([{ phase: "open", previousPhase: "closed", limit: X, rule: "trip" }]);
    expect(await rig.decisions()).toMatchObject([
      { kind: "decision", summary: "trip: limit 3 → open", details: { rule: "trip" } },
    ]);
    expect(wishes).toEqual([{ phase: "open", limit: X, heldUntilMs: rig.clock.nowMs() + 600_000 }]);
  });

  test("of which no part can be carried out stands, and the next look goes on from it", async () => {
    const rig = createRig();
    const process = rig.start();
    process.items.spoil((method) => (method === "govern" ? "unreachable" : undefined));
    process.events.spoil(() => "unreachable");
    await rig.report(FAULTS);
    expect((await process.breaker.look()).governed).toMatchObject({ phase: "open", epoch: 1 });
    expect(process.wishes).toHaveLength(1);
  });
});

describe("an observation of the waker's", () => {
  async function tripped() {
    const rig = createRig();
    const one = rig.start();
    await rig.report(FAULTS);
    await one.breaker.look();
    rig.clock.advance(30_000);
    return { rig, one, other: rig.start() };
  }

  test("gives leave to probe to one of two", async () => {
    const { rig, one, other } = await tripped();
    const wake = { kind: "wake", isQueueEmpty: false } as const;
    const answers = await Promise.all([one.breaker.observe(wake), other.breaker.observe(wake)]);
    expect(answers.filter((answer) => answer !== "lost")).toHaveLength(1);
    expect(await rig.items.read(0)).toMatchObject({ phase: "half-open", limit: 1, epoch: 2 });
  });

  test("gives no leave to who comes after a probe has begun", async () => {
    const { one, other } = await tripped();
    const wake = { kind: "wake", isQueueEmpty: false } as const;
    expect(await one.breaker.observe(wake)).toMatchObject({ governed: { phase: "half-open" } });
    expect(await other.breaker.observe(wake)).toBe("lost");
  });

  test("does not take in evidence: that stays for the next look", async () => {
    const { rig, one } = await tripped();
    await one.breaker.observe({ kind: "wake", isQueueEmpty: true });
    await rig.report({ okCount: 2 }, { epoch: 2 });
    expect(await one.breaker.observe({ kind: "probe-missed", epoch: 2 })).toBe("lost");
    rig.clock.advance(5_000);
    await one.breaker.look();
    expect((await rig.state())?.seen[2]).toMatchObject({ okCount: 2 });
  });
});

describe("a law that sees each report by itself", () => {
  const perReport: Law<TinyState> = { ...tinyLaw, isPerReport: true };

  test("sees each of many that come at once", async () => {
    const rig = createRig();
    const news = await Promise.all(Array.from({ length: 4 }, () => rig.report(OK)));
    await Promise.all(news.map((each) => rig.start({ law: perReport }).breaker.consider(each)));
    expect((await rig.state())?.seen[0]).toMatchObject({ okCount: 4 });
  });

  test("gives up after five conflicts, without throwing", async () => {
    const rig = createRig();
    const { breaker, store } = rig.start({ law: perReport });
    store.port.commit = async () => {
      store.calls.push("commit");
      return "conflict";
    };
    await breaker.consider(await rig.report(OK));
    expect(store.calls.filter((call) => call === "commit")).toHaveLength(5);
  });
});

function evidenceIn(observation: Observation): Evidence {
  if (observation.kind !== "report") throw new Error(`a ${observation.kind} was shown`);
  return observation.evidence;
}

/** The permit items that `current` names at each call. */
function forwardTo(current: () => ReturnType<typeof createRig>["items"] | undefined) {
  const items = () => {
    const found = current();
    if (found === undefined) throw new Error("no items are left");
    return found;
  };
  return {
    report: (...given: Parameters<ReturnType<typeof items>["report"]>) => items().report(...given),
    read: (shard: number) => items().read(shard),
    govern: (...given: Parameters<ReturnType<typeof items>["govern"]>) => items().govern(...given),
  };
}
