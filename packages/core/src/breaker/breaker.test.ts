import { createBreakerHarness } from "@sluice/testing/breaker-harness";
import { silentLog } from "@sluice/testing/silent-log";
import { OPEN_MS, type TinyState, tinyLaw } from "@sluice/testing/tiny-law";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { type Evidence, NO_EVIDENCE } from "../law/evidence.ts";
import type { Law, Observation } from "../law/law.ts";
import type { PermitItems } from "../ports/permit-items.ts";

const OK = { okCount: 1 };
const FAULT = { faultCount: 1 };
const FAULTS = { faultCount: 3 };
const X = 3;

describe("evidence", () => {
  test("of an older epoch never reaches the law", async () => {
    const harness = createBreakerHarness();
    const { breaker } = harness.start();
    await harness.items.setControl(0, { phase: "closed", limit: 2, epoch: 4 });
    await breaker.look();
    const { epoch } = await harness.items.read(0);
    await harness.report(FAULTS, { epoch: epoch - 1 });
    await harness.report({ okCount: 2 }, { epoch });
    harness.clock.advance(60_000);
    await breaker.look();
    expect((await harness.state())?.seen[epoch]).toMatchObject({ okCount: 2, faultCount: 0 });
  });

  test("of one epoch is added up over shards and looks, each count once", async () => {
    const harness = createBreakerHarness({ shardCount: 3 });
    const processes = [harness.start(), harness.start()];
    for (let round = 0; round < 3; round += 1) {
      for (let shard = 0; shard < 3; shard += 1) await harness.report(OK, { shard });
      harness.clock.advance(5_000);
      for (const { breaker } of processes) await breaker.look();
    }
    expect((await harness.state())?.seen[0]).toMatchObject({ okCount: 9 });
  });

  test("decides when its shards do so together", async () => {
    const harness = createBreakerHarness({ shardCount: 3 });
    const { breaker } = harness.start();
    for (let shard = 0; shard < 2; shard += 1) await harness.report(FAULT, { shard });
    expect((await breaker.look()).control.phase).toBe("closed");
    await harness.report(FAULT, { shard: 2 });
    expect((await breaker.look()).control.phase).toBe("open");
    for (const shard of await harness.shards()) expect(shard).toMatchObject({ phase: "open", epoch: 1 });
  });

  test("that was overtaken by someone else's look is never shown as less than nothing", async () => {
    const shown: Observation[] = [];
    const harness = createBreakerHarness();
    const slow = harness.start({
      law: {
        ...tinyLaw,
        decide(state, observation, config, nowMs) {
          shown.push(observation);
          return tinyLaw.decide(state, observation, config, nowMs);
        },
      },
    });
    const old = await harness.report(FAULT);
    await harness.report({ okCount: 2 });
    harness.clock.advance(5_000);
    await harness.start().breaker.look();
    harness.clock.advance(5_000);
    await slow.breaker.consider(old);
    expect(shown.map((each) => evidenceIn(each).okCount)).toEqual([0]);
    harness.clock.advance(5_000);
    await slow.breaker.look();
    expect((await harness.state())?.seen[0]).toMatchObject({ okCount: 2, faultCount: 1 });
  });

  test("is taken in again after a shard was lost", async () => {
    const shards = [createBreakerHarness().items, createBreakerHarness().items];
    const harness = createBreakerHarness({
      items: { ...createBreakerHarness().items, ...forwardTo(() => shards[0]) },
    });
    const { breaker } = harness.start();
    await harness.report({ okCount: 4 });
    harness.clock.advance(5_000);
    await breaker.look();
    shards.shift();
    harness.clock.advance(5_000);
    await breaker.look();
    await harness.report({ faultCount: 2 });
    harness.clock.advance(5_000);
    await breaker.look();
    expect((await harness.state())?.seen[0]).toMatchObject({ okCount: 4, faultCount: 2 });
  });

  test("is stored without a decision at most every 2 s, and not at all while there is none", async () => {
    const harness = createBreakerHarness();
    const { breaker, store } = harness.start();
    const commitCount = () => store.calls.filter((call) => call === "commit").length;
    await breaker.look();
    harness.clock.advance(60_000);
    await breaker.look();
    expect(commitCount()).toBe(0);
    for (const [advanceMs, expected] of [
      [0, 1],
      [1_999, 1],
      [1, 2],
      [10_000, 3],
    ] as const) {
      harness.clock.advance(advanceMs);
      await harness.report(OK);
      await breaker.look();
      expect(commitCount()).toBe(expected);
    }
  });
});

describe("several processes", () => {
  test("that decide at once make one decision, and both know it", async () => {
    const harness = createBreakerHarness({ shardCount: 2 });
    const [one, other] = [harness.start(), harness.start()];
    await harness.report(FAULTS);
    const standings = await Promise.all([one.breaker.look(), other.breaker.look()]);
    expect(standings.map(({ control }) => [control.phase, control.epoch])).toEqual([
      ["open", 1],
      ["open", 1],
    ]);
    expect(await harness.decisions()).toHaveLength(1);
    expect([...one.wishes, ...other.wishes]).toHaveLength(1);
    for (const shard of await harness.shards()) expect(shard).toMatchObject({ phase: "open", epoch: 1 });
  });

  test("a decision that falls between another's reads is spread by it as it was made", async () => {
    const harness = createBreakerHarness({ shardCount: 2 });
    const [slow, quick] = [harness.start(), harness.start()];
    await harness.report(FAULTS);
    quick.items.spoil((method) => (method === "setControl" ? "unreachable" : undefined));
    const read = harness.store.read;
    let isFirst = true;
    slow.store.port.read = async () => {
      const stored = await read();
      if (!isFirst) return stored;
      isFirst = false;
      await quick.breaker.look();
      // Of its decision one shard has heard, when the slow one reads them.
      await harness.items.setControl(0, { phase: "open", limit: X, epoch: 1 });
      return stored;
    };
    expect((await slow.breaker.look()).control).toMatchObject({ phase: "open", epoch: 1 });
    for (const shard of await harness.shards()) expect(shard).toMatchObject({ phase: "open", epoch: 1 });
  });

  test("that died between commit and spreading: the next look tells the shards", async () => {
    const harness = createBreakerHarness({ shardCount: 2 });
    const dead = harness.start();
    dead.items.spoil((method) => (method === "setControl" ? "unreachable" : undefined));
    dead.events.spoil(() => "unreachable");
    await harness.report(FAULTS);
    await dead.breaker.look();
    expect((await harness.shards()).map(({ epoch }) => epoch)).toEqual([0, 0]);
    harness.clock.advance(5_000);
    await harness.start().breaker.look();
    for (const shard of await harness.shards())
      expect(shard).toMatchObject({ phase: "open", limit: X, epoch: 1 });
    // What the shards held until then is of the epoch before.
    harness.clock.advance(5_000);
    await harness.start().breaker.look();
    expect(await harness.state()).toMatchObject({ epoch: 1 });
    expect((await harness.state())?.seen[1] ?? NO_EVIDENCE).toEqual(NO_EVIDENCE);
  });

  test("a commit that went through without an answer is a decision all the same", async () => {
    const harness = createBreakerHarness();
    const cutOff = harness.start();
    cutOff.store.spoil((method) => (method === "commit" ? "lost" : undefined));
    await cutOff.breaker.consider(await harness.report(FAULTS));
    expect((await harness.state())?.phase).toBe("open");
    await harness.start().breaker.look();
    expect(await harness.items.read(0)).toMatchObject({ phase: "open", epoch: 1 });
  });
});

describe("a state that was lost", () => {
  test("begins afresh in an epoch that the shards obey, and goes on deciding", async () => {
    const harness = createBreakerHarness({ shardCount: 2 });
    await harness.items.setControl(0, { phase: "open", limit: 1, epoch: 7 });
    await harness.items.setControl(1, { phase: "open", limit: 1, epoch: 6 });
    const { breaker, wishes } = harness.start();
    expect((await breaker.look()).control).toMatchObject({ phase: "closed", limit: X, epoch: 8 });
    for (const shard of await harness.shards())
      expect(shard).toMatchObject({ phase: "closed", limit: X, epoch: 8 });
    expect(wishes).toEqual([{ phase: "closed", limit: X, heldUntilMs: 0 }]);
    expect((await harness.decisions()).map(({ summary }) => summary)).toEqual([
      "the state was lost: begun afresh (epoch 8): limit 3 → limit 3",
    ]);
    await harness.report(FAULTS, { epoch: 8 });
    expect((await breaker.look()).control).toMatchObject({ phase: "open", epoch: 9 });
    for (const shard of await harness.shards()) expect(shard).toMatchObject({ phase: "open", epoch: 9 });
  });

  test("is begun afresh once, however many notice", async () => {
    const harness = createBreakerHarness();
    await harness.items.setControl(0, { phase: "open", limit: 1, epoch: 7 });
    await Promise.all(
      [harness.start(), harness.start(), harness.start()].map(({ breaker }) => breaker.look()),
    );
    expect(await harness.decisions()).toHaveLength(1);
    expect(await harness.items.read(0)).toMatchObject({ phase: "closed", epoch: 8 });
  });
});

describe("what fails", () => {
  test.each(["store", "items", "events"] as const)(
    "never throws out of consider: %s unreachable",
    async (part) => {
      const harness = createBreakerHarness();
      const process = harness.start();
      process[part].spoil(() => "unreachable");
      const news = await harness.report(FAULTS);
      await process.breaker.consider(news);
      expect(process[part].calls).not.toEqual([]);
      process[part].spoil(() => undefined);
      harness.clock.advance(60_000);
      await process.breaker.consider(await harness.report(OK));
      expect(await harness.items.read(0)).toMatchObject({ phase: "open" });
    },
  );

  test("a state that can't be read is replaced: the breaker begins afresh instead of standing still", async () => {
    const harness = createBreakerHarness();
    await harness.store.commit({ law: { phase: "tired" }, counted: {}, lookedAtMs: 0 }, 0);
    const { breaker } = harness.start();
    await breaker.consider(await harness.report(FAULTS));
    const { control } = await breaker.look();
    expect(await harness.store.read()).toMatchObject({ memory: { law: { phase: control.phase } } });
    expect((await harness.store.read())?.version).toBeGreaterThan(1);
  });

  test("a state is stored in the law's own form, which every process reads", async () => {
    const harness = createBreakerHarness();
    const shouted: Law<TinyState> = {
      ...tinyLaw,
      toStored: ({ phase, ...state }) => ({ ...state, PHASE: phase }),
      parse: (stored) => {
        const { PHASE, ...state } = z.looseObject({ PHASE: z.string() }).parse(stored);
        return tinyLaw.parse({ ...state, phase: PHASE });
      },
    };
    const [one, other] = [harness.start({ law: shouted }), harness.start({ law: shouted })];
    await one.breaker.consider(await harness.report(FAULTS));
    expect(await harness.store.read()).toMatchObject({ memory: { law: { PHASE: "open" } } });
    expect((await other.breaker.look()).control).toMatchObject({ phase: "open", epoch: 1 });
  });

  test("looks that lose every time end, and say how things stand", async () => {
    const harness = createBreakerHarness();
    const { breaker, store } = harness.start();
    await harness.report(FAULTS);
    store.port.commit = async () => "conflict";
    expect((await breaker.look()).control).toMatchObject({ phase: "closed", epoch: 0 });
  });
});

describe("reports make a breaker look", () => {
  const lookCountOf = ({ store }: { store: { calls: string[] } }) =>
    store.calls.filter((call) => call === "read").length;

  test("at bad news at once, then at most every 500 ms", async () => {
    const harness = createBreakerHarness();
    const process = harness.start({ law: deaf });
    const counts = [];
    for (const advanceMs of [0, 499, 1, 499, 1]) {
      harness.clock.advance(advanceMs);
      await process.breaker.consider(await harness.report(FAULT));
      counts.push(lookCountOf(process));
    }
    expect(counts).toEqual([1, 1, 2, 2, 3]);
  });

  test.each([
    ["every 4 s while the limit can grow", 2, 4_000],
    ["every 20 s at X", X, 20_000],
  ])("at good news %s, and not at all before", async (_, limit, everyMs) => {
    const harness = createBreakerHarness();
    const process = harness.start({ law: deaf });
    await harness.store.commit(
      { law: { ...(await stateAt(limit)), epoch: 1 }, counted: {}, lookedAtMs: 0 },
      0,
    );
    await harness.items.setControl(0, { phase: "closed", limit, epoch: 1 });
    const counts = [];
    for (const advanceMs of [0, everyMs - 1, 1, everyMs - 1, 1]) {
      harness.clock.advance(advanceMs);
      await process.breaker.consider(await harness.report(OK, { epoch: 1 }));
      counts.push(lookCountOf(process));
    }
    expect(counts).toEqual([0, 0, 1, 1, 2]);
  });

  test.each([
    ["a start that our own side could not make", "closed", { unavailableCount: 1 }],
    ["whatever a probe shows", "half-open", OK],
  ] as const)("at once at %s", async (_, phase, evidence) => {
    const harness = createBreakerHarness();
    const process = harness.start({ law: deaf });
    await harness.items.setControl(0, { phase, limit: 1, epoch: 1 });
    await process.breaker.consider(await harness.report(evidence, { epoch: 1 }));
    expect(lookCountOf(process)).toBeGreaterThan(0);
  });

  test("bad news that was looked into is no news", async () => {
    const harness = createBreakerHarness();
    const process = harness.start({ law: deaf });
    await process.breaker.consider(await harness.report(FAULT));
    harness.clock.advance(3_000);
    await process.breaker.consider(await harness.report(OK));
    expect(lookCountOf(process)).toBe(1);
  });

  const deaf: Law<TinyState> = { ...tinyLaw, decide: (state) => ({ state }) };
  const stateAt = async (limit: number): Promise<TinyState> => ({
    phase: "closed",
    limit,
    target: limit,
    epoch: 0,
    seen: {},
    failedProbeCount: 0,
  });
});

describe("a decision", () => {
  test("is stored with its reason, charted, and carried out on permits and valve", async () => {
    const harness = createBreakerHarness();
    const charted: unknown[] = [];
    const metrics = { batch() {}, gauges() {}, decision: (sample: unknown) => void charted.push(sample) };
    const { breaker, wishes } = harness.start({ metrics });
    await harness.items.hold(0, harness.clock.nowMs() + 600_000);
    await harness.report(FAULTS);
    await breaker.look();
    expect(charted).toEqual([{ phase: "open", previousPhase: "closed", limit: X, rule: "trip" }]);
    expect(await harness.decisions()).toMatchObject([
      { kind: "decision", summary: "trip: limit 3 → open", details: { rule: "trip" } },
    ]);
    expect(wishes).toEqual([{ phase: "open", limit: X, heldUntilMs: harness.clock.nowMs() + 600_000 }]);
  });

  test("to stay shut because workers can't begin is announced as a hold where it begins, and logged each time", async () => {
    const harness = createBreakerHarness();
    const errors: unknown[] = [];
    const log = { ...silentLog, error: (message: string) => void errors.push(message) };
    const { breaker } = harness.start({ law: environmental, log });
    await harness.report(FAULTS);
    await breaker.look();
    expect(await harness.decisions()).toMatchObject([
      { kind: "decision" },
      {
        kind: "hold",
        summary: expect.stringContaining("hold (environment)"),
        details: { kind: "environment", rule: "trip" },
      },
    ]);
    harness.clock.advance(OPEN_MS);
    await breaker.observe({ kind: "probe-due", hasRecord: true });
    await harness.report(FAULT, { epoch: 2 });
    await breaker.look();
    expect((await harness.decisions()).map(({ kind }) => kind)).toEqual([
      "decision",
      "hold",
      "decision",
      "decision",
    ]);
    expect(errors).toHaveLength(2);
  });

  test("to stay shut because everything is rejected is a hold of its own words", async () => {
    const harness = createBreakerHarness();
    await harness.report(FAULTS);
    const law = { ...environmental, decide: rejectedOnly };
    await harness.start({ law }).breaker.look();
    expect((await harness.decisions()).at(-1)).toMatchObject({
      kind: "hold",
      summary: expect.stringContaining("everything is rejected"),
      details: { kind: "environment" },
    });
  });

  test("to stay shut because of the provider is no hold", async () => {
    const harness = createBreakerHarness();
    await harness.report(FAULTS);
    await harness.start().breaker.look();
    expect((await harness.decisions()).map(({ kind }) => kind)).toEqual(["decision"]);
  });

  /** {@link tinyLaw}, with each trip on account of Sluice's own side. */
  const environmental: Law<TinyState> = {
    ...tinyLaw,
    decide(...input) {
      const step = tinyLaw.decide(...input);
      if (step.state.phase !== "open") return step;
      return { ...step, state: { ...step.state, reason: "environment" } };
    },
  };

  const rejectedOnly: typeof environmental.decide = (...input) => {
    const step = environmental.decide(...input);
    return step.state.phase === "open" ? { ...step, state: { ...step.state, isAllRejected: true } } : step;
  };

  test("of which no part can be carried out stands, and the next look goes on from it", async () => {
    const harness = createBreakerHarness();
    const process = harness.start();
    process.items.spoil((method) => (method === "setControl" ? "unreachable" : undefined));
    process.events.spoil(() => "unreachable");
    await harness.report(FAULTS);
    expect((await process.breaker.look()).control).toMatchObject({ phase: "open", epoch: 1 });
    expect(process.wishes).toHaveLength(1);
  });
});

describe("a probe that is found due", () => {
  async function tripped() {
    const harness = createBreakerHarness();
    const one = harness.start();
    await harness.report(FAULTS);
    await one.breaker.look();
    harness.clock.advance(30_000);
    return { harness, one, other: harness.start() };
  }

  test("gives leave to probe to one of two", async () => {
    const { harness, one, other } = await tripped();
    const answers = await Promise.all([one.breaker.observe(DUE), other.breaker.observe(DUE)]);
    expect(answers.filter((answer) => answer !== "lost")).toHaveLength(1);
    expect(await harness.items.read(0)).toMatchObject({ phase: "half-open", limit: 1, epoch: 2 });
  });

  test("gives no leave to who comes after a probe has begun", async () => {
    const { one, other } = await tripped();
    expect(await one.breaker.observe(DUE)).toMatchObject({ control: { phase: "half-open" } });
    expect(await other.breaker.observe(DUE)).toBe("lost");
  });

  test("does not take in evidence: that stays for the next look", async () => {
    const { harness, one } = await tripped();
    await one.breaker.observe(DUE);
    await harness.report({ unavailableCount: 2 }, { epoch: 2 });
    expect(await one.breaker.observe(DUE)).toBe("lost");
    harness.clock.advance(5_000);
    await one.breaker.look();
    expect((await harness.state())?.seen[2]).toMatchObject({ unavailableCount: 2 });
  });

  test("is told to shards that a crash left behind, so that whoever waits there may probe", async () => {
    const { harness, one, other } = await tripped();
    one.items.spoil((method) => (method === "setControl" ? "unreachable" : undefined));
    await one.breaker.observe(DUE);
    expect(await harness.items.read(0)).toMatchObject({ phase: "open" });
    expect(await other.breaker.observe(DUE)).toBe("lost");
    expect(await harness.items.read(0)).toMatchObject({ phase: "half-open", epoch: 2 });
  });

  test("is in the shards of an open breaker", async () => {
    const { harness } = await tripped();
    const state = await harness.state();
    if (state?.phase !== "open") throw new TypeError("it is not open");
    expect(await harness.items.read(0)).toMatchObject({ phase: "open", probeAtMs: state.probeAtMs });
  });

  const DUE = { kind: "probe-due", hasRecord: true } as const;
});

function evidenceIn(observation: Observation): Evidence {
  if (observation.kind !== "report") throw new Error(`a ${observation.kind} was shown`);
  return observation.evidence;
}

/** The permit items that `current` names at each call. */
function forwardTo(
  current: () => PermitItems | undefined,
): Pick<PermitItems, "report" | "read" | "setControl"> {
  const items = () => {
    const found = current();
    if (found === undefined) throw new Error("no items are left");
    return found;
  };
  return {
    report: (...given) => items().report(...given),
    read: (shardIndex) => items().read(shardIndex),
    setControl: (...given) => items().setControl(...given),
  };
}
