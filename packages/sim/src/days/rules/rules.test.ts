import { parseProvider } from "@sluice/core/provider";
import { describe, expect, test } from "vitest";
import type { DatedEvent, DayEvent } from "../day-event.ts";
import { drawStory } from "../draw/draw-story.ts";
import type { Story } from "../story.ts";
import type { RuleName } from "./rule.ts";
import { rulesFor } from "./rules-for.ts";

const CALM: Story = {
  ...drawStory(1),
  contract: {
    id: "sim",
    maxConcurrency: 3,
    maxAttempts: 2,
    slowAfterMs: 1_000,
    timeoutMs: 2_000,
    latency: { medianMs: 100, sigma: 0, minMs: 5, maxMs: 1_000 },
    worker: { name: "demo" },
  },
  nature: { ...drawStory(1).nature, poisonRatio: 0, rejectedRatio: 0, fragile: null },
  weather: [],
  faults: [],
  skewMs: 0,
};

const MINUTE_MS = 60_000;

/** The breaches that a rule tells of events at these milliseconds of a day. */
function breachesOf(
  name: RuleName,
  events: readonly (readonly [atMs: number, event: DayEvent])[],
  { story = CALM, queued = [] }: { readonly story?: Story; readonly queued?: readonly string[] } = {},
): readonly string[] {
  const context = { story, startMs: 0, isBad: () => false, isUnknown: () => false };
  const rule = rulesFor(context).find((one) => one.name === name);
  const seen = events.flatMap(([atMs, event]) => rule?.see({ ...event, atMs } as DatedEvent)?.what ?? []);
  const end = { atMs: events.at(-1)?.[0] ?? 0, queued: new Set(queued), lettered: new Set<string>() };
  return [...seen, ...(rule?.atEnd?.(end) ?? []).map(({ what }) => what)];
}

const started = (recordId: string, attemptId: string, inFlightCount = 1): DayEvent => ({
  kind: "started",
  recordId,
  attemptId,
  inFlightCount,
  capacityCount: 9,
});
const ended = (recordId: string, attemptId: string, status: 200 | 404 | 429 | 500 = 200): DayEvent => ({
  kind: "ended",
  recordId,
  attemptId,
  status,
});
const claimed = (
  recordId: string,
  attemptId: string,
  day = "1970-01-01",
  leaseUntilMs = 48 * 60 * MINUTE_MS,
): DayEvent => ({
  kind: "claimed",
  run: "bulk",
  recordId,
  attemptId,
  day,
  leaseUntilMs,
});
const control = (phase: "closed" | "open" | "half-open", epoch: number): DayEvent => ({
  kind: "control",
  control: { phase, limit: 1, epoch },
});
const accepted: DayEvent = { kind: "accepted", lane: "records", run: "bulk", recordIds: ["a"] };
const deleted: DayEvent = { kind: "deleted", lane: "records", recordId: "a", by: "request" };
const deployedAs = (change: Partial<Story["contract"]>): DayEvent => ({
  kind: "deployed",
  provider: parseProvider({ ...CALM.contract, ...change }, "in a test"),
});
const deployed = (maxConcurrency: number): DayEvent => deployedAs({ maxConcurrency });

describe("bound", () => {
  test("X in flight is none too many, one more is", () => {
    expect(breachesOf("bound", [[0, started("a", "v.1", 3)]])).toEqual([]);
    expect(breachesOf("bound", [[0, started("a", "v.1", 4)]])).toEqual([
      "4 requests in flight, 3 are allowed",
    ]);
  });

  test("after a deploy the larger X holds for as long as an old environment may live", () => {
    const deploy = [0, deployed(1)] as const;
    expect(breachesOf("bound", [deploy, [10 * MINUTE_MS, started("a", "v.1", 3)]])).toEqual([]);
    expect(breachesOf("bound", [deploy, [30 * MINUTE_MS, started("a", "v.1", 2)]])).toHaveLength(1);
  });
});

describe("once-a-day", () => {
  const HOUR_MS = 60 * MINUTE_MS;
  const twice = (day: string, atMs = 2): readonly (readonly [number, DayEvent])[] => [
    [0, claimed("a", "ventilator-1.1")],
    [1, ended("a", "ventilator-1.1")],
    [atMs, claimed("a", "ventilator-2.1", day)],
    [atMs + 1, ended("a", "ventilator-2.1")],
  ];

  test("a record that is fetched again on its day is a breach, on another day it is none", () => {
    expect(breachesOf("once-a-day", twice("1970-01-01"))).toHaveLength(1);
    expect(breachesOf("once-a-day", twice("1970-01-02", 25 * HOUR_MS))).toEqual([]);
  });

  test("a claim for another day than the provider's is a breach, though one on its way over midnight is none", () => {
    const wrong = "a was claimed for 1970-01-01 on 1970-01-02";
    expect(breachesOf("once-a-day", [[25 * HOUR_MS, claimed("a", "v.1")]])).toEqual([wrong]);
    expect(breachesOf("once-a-day", [[24 * HOUR_MS + 1_000, claimed("a", "v.1")]])).toEqual([]);
  });

  test("a call that starts or goes on after its claim has run out is a breach", () => {
    const claim = [0, claimed("a", "v.1", "1970-01-01", 5_000)] as const;
    expect(
      breachesOf("once-a-day", [claim, [4_000, started("a", "v.1")], [5_900, ended("a", "v.1")]]),
    ).toEqual([]);
    expect(breachesOf("once-a-day", [claim, [8_000, started("a", "v.1")]])).toHaveLength(1);
    expect(
      breachesOf("once-a-day", [claim, [4_000, started("a", "v.1")], [8_000, ended("a", "v.1")]]),
    ).toEqual(["a was called 3 s after its claim had run out"]);
  });

  test("the death of the first one's environment excuses it, unless its row knew", () => {
    const died: DayEvent = {
      kind: "died",
      environment: "ventilator-1",
      role: "ventilator",
      errorType: "Runtime.ExitError",
    };
    const completed: DayEvent = {
      kind: "completed",
      recordId: "a",
      attemptId: "ventilator-1.1",
      status: "fetched",
    };
    expect(breachesOf("once-a-day", [[0, died], ...twice("1970-01-01")])).toEqual([]);
    expect(breachesOf("once-a-day", [[0, died], [0, completed], ...twice("1970-01-01")])).toHaveLength(1);
  });

  test("a table that throttles excuses nothing, one that is away does", () => {
    const span = { fromMinute: 0, untilMinute: 1, service: "dynamodb" } as const;
    const throttle = { ...span, kind: "throttle", name: "ThrottlingException", ratio: 0.5 } as const;
    const throttled = { ...CALM, faults: [throttle] };
    const away = { ...CALM, faults: [{ ...span, kind: "away" } as const] };
    expect(breachesOf("once-a-day", twice("1970-01-01"), { story: throttled })).toHaveLength(1);
    expect(breachesOf("once-a-day", twice("1970-01-01"), { story: away })).toEqual([]);
  });
});

describe("nothing-lost", () => {
  test("a message may go when its record is fetched or dead with a cause, and not before", () => {
    expect(
      breachesOf("nothing-lost", [
        [0, accepted],
        [1, ended("a", "v.1")],
        [2, deleted],
      ]),
    ).toEqual([]);
    expect(breachesOf("nothing-lost", [[0, deleted]])).toHaveLength(1);
    const letter: DayEvent = { kind: "letter", recordId: "a", attempts: 2, cause: "HTTP 500" };
    expect(
      breachesOf("nothing-lost", [
        [0, letter],
        [1, deleted],
      ]),
    ).toEqual([]);
  });

  test("a message may go when a copy of it is queued, but then not the copy", () => {
    const renewed: DayEvent = {
      kind: "deleted",
      lane: "records",
      recordId: "a",
      by: "request",
      hasCopy: true,
    };
    expect(breachesOf("nothing-lost", [[0, renewed]])).toEqual([]);
    expect(
      breachesOf("nothing-lost", [
        [0, renewed],
        [1, deleted],
      ]),
    ).toHaveLength(1);
  });

  test("another run's message may go while a redriven letter is queued, which must not", () => {
    const letter: DayEvent = { kind: "letter", recordId: "a", attempts: 2, cause: "HTTP 500" };
    const story = [
      [0, accepted],
      [1, letter],
      [2, { kind: "redriven", recordId: "a" }],
      [3, deleted],
    ] as const;
    expect(breachesOf("nothing-lost", story, { queued: ["a"] })).toEqual([]);
    expect(breachesOf("nothing-lost", story)).toEqual(["a was accepted and is nowhere"]);
  });

  test("a letter without a cause, and a record that is nowhere, are breaches; a queued one is none", () => {
    expect(breachesOf("nothing-lost", [[0, { kind: "letter", recordId: "a" }]])).toHaveLength(1);
    expect(breachesOf("nothing-lost", [[0, accepted]])).toEqual(["a was accepted and is nowhere"]);
    expect(breachesOf("nothing-lost", [[0, accepted]], { queued: ["a"] })).toEqual([]);
  });
});

describe("attempts", () => {
  const attempt = (id: string, atMs: number, status: 404 | 429 | 500 = 500) =>
    [
      [atMs, claimed("a", id)],
      [atMs, started("a", id)],
      [atMs, ended("a", id, status)],
    ] as const;
  const letter = (attempts: number): DayEvent => ({ kind: "letter", recordId: "a", attempts, cause: "x" });

  test("a record dies of as many starts as its contract has, no fewer", () => {
    const [one, two] = [attempt("v.1", 0), attempt("v.2", 1)];
    expect(breachesOf("attempts", [...one, ...two, [2, letter(2)]])).toEqual([]);
    expect(breachesOf("attempts", [...one, [2, letter(1)]])).toHaveLength(1);
    expect(breachesOf("attempts", [...one, [2, letter(2)]])).toHaveLength(1);
  });

  test("what the provider only asked to come later is none, and neither is a probe", () => {
    expect(
      breachesOf("attempts", [...attempt("v.1", 0), ...attempt("v.2", 1, 429), [2, letter(2)]]),
    ).toHaveLength(1);
    const probe = [[MINUTE_MS, control("half-open", 1)], ...attempt("v.2", MINUTE_MS)] as const;
    expect(breachesOf("attempts", [...attempt("v.1", 0), ...probe, [MINUTE_MS, letter(2)]])).toHaveLength(1);
  });

  test("probes of a record that failed twice at an open gate may be charged: it looks like a bad one", () => {
    const [one, two] = [attempt("v.1", 0), attempt("v.2", 1)];
    const probe = [[MINUTE_MS, control("half-open", 1)], ...attempt("v.3", MINUTE_MS)] as const;
    expect(breachesOf("attempts", [...one, ...two, ...probe, [MINUTE_MS, letter(3)]])).toEqual([]);
    expect(breachesOf("attempts", [...one, ...probe, [MINUTE_MS, letter(2)]])).toHaveLength(1);
  });

  test("probes of a record whose replies got lost five times may be charged: its worker may crash of it", () => {
    const mixedUp = {
      fromMinute: 0,
      untilMinute: 9,
      kind: "foreign-answer",
      answer: "stale",
      ratio: 1,
    } as const;
    const story = { ...CALM, faults: [mixedUp] };
    const probed = (count: number) => {
      const probes = Array.from({ length: count }, (_, index) => attempt(`v.${index}`, index)).flat();
      return [[0, control("half-open", 1)], ...probes, [9, letter(2)]] as const;
    };
    expect(breachesOf("attempts", probed(5), { story })).toEqual([]);
    expect(breachesOf("attempts", probed(4), { story })).toHaveLength(1);
    expect(breachesOf("attempts", probed(5))).toHaveLength(1);
  });

  test("a start shortly after a trip is one of before it, as its sender could know", () => {
    const open = [0, control("open", 1)] as const;
    const soon = [...attempt("v.1", 9_000), ...attempt("v.2", 9_000)];
    const late = [...attempt("v.1", 11_000), ...attempt("v.2", 11_000)];
    expect(breachesOf("attempts", [open, ...soon, [12_000, letter(2)]])).toEqual([]);
    expect(breachesOf("attempts", [open, ...late, [12_000, letter(2)]])).toHaveLength(1);
  });

  test("more starts than the contract has are a breach", () => {
    const starts = [attempt("v.1", 0), attempt("v.2", 1), attempt("v.3", 2)].flat();
    expect(breachesOf("attempts", starts)).toEqual(["a was started 3 times, 2 are allowed"]);
  });

  test("a letter that was put back begins afresh, also behind another message of its record", () => {
    const redriven: DayEvent = { kind: "redriven", recordId: "a" };
    const other = [...attempt("v.1", 1), ...attempt("v.2", 2), [3, letter(2)]] as const;
    const own = [...attempt("v.3", 4), ...attempt("v.4", 5), [6, letter(2)]] as const;
    expect(breachesOf("attempts", [[0, redriven], ...other, ...own])).toEqual([]);
    expect(breachesOf("attempts", [...other, ...own])).not.toEqual([]);
  });

  test("four rejections may cost nothing, not a fifth", () => {
    const rejected = Array.from({ length: 7 }, (_, index) => attempt(`v.${index}`, index, 404));
    expect(breachesOf("attempts", rejected.slice(0, 6).flat())).toEqual([]);
    expect(breachesOf("attempts", rejected.flat())).toEqual(["a was started 3 times, 2 are allowed"]);
  });
});

describe("not-stuck", () => {
  const recovered = (...queued: readonly string[]): DayEvent => ({ kind: "recovered", queued });

  test("an open breaker with records queued is a breach five minutes later, without it is none", () => {
    expect(
      breachesOf("not-stuck", [
        [0, control("open", 1)],
        [1, recovered("a")],
      ]),
    ).toHaveLength(1);
    expect(
      breachesOf("not-stuck", [
        [0, control("half-open", 1)],
        [1, recovered()],
      ]),
    ).toEqual([]);
    expect(
      breachesOf("not-stuck", [
        [0, control("closed", 1)],
        [1, recovered("a")],
      ]),
    ).toEqual([]);
  });

  test("what was fetched on this day can be no probe, what was fetched on another can", () => {
    const fetched: DayEvent = { kind: "completed", recordId: "a", attemptId: "v.1", status: "fetched" };
    const before = [
      [0, claimed("a", "v.1")],
      [1, fetched],
      [2, control("half-open", 1)],
    ] as const;
    expect(breachesOf("not-stuck", [...before, [3, recovered("a")]])).toEqual([]);
    expect(breachesOf("not-stuck", [...before, [3, recovered("a", "b")]])).toHaveLength(1);
    expect(breachesOf("not-stuck", [...before, [24 * 60 * MINUTE_MS, recovered("a")]])).toHaveLength(1);
  });

  test("records that had the time are a breach", () => {
    expect(breachesOf("not-stuck", [[0, { kind: "overdue", left: ["a"] }]])).toHaveLength(1);
  });
});

test("late-news: an epoch holds no more answers than requests that began in it have ended", () => {
  const evidence = (answeredCount: number): DayEvent => ({ kind: "evidence", epoch: 1, answeredCount });
  const before = [
    [0, started("a", "v.1")],
    [1, control("closed", 1)],
    [2, ended("a", "v.1")],
  ] as const;
  expect(breachesOf("late-news", [...before, [3, evidence(1)]])).toHaveLength(1);
  const own = [
    [3, started("b", "v.2")],
    [4, ended("b", "v.2")],
  ] as const;
  expect(breachesOf("late-news", [...before, ...own, [5, evidence(1)]])).toEqual([]);
  expect(breachesOf("late-news", [...before, ...own, [5, evidence(2)]])).toHaveLength(1);
});

test("retry-after: a provider that asked for a minute is not called within it, but for those who can't know yet", () => {
  const asked: DayEvent = { ...ended("a", "v.1", 429), retryAfterMs: MINUTE_MS } as DayEvent;
  expect(
    breachesOf("retry-after", [
      [0, asked],
      [30_000, started("b", "v.2")],
    ]),
  ).toHaveLength(1);
  expect(
    breachesOf("retry-after", [
      [0, asked],
      [2_000, started("b", "v.2")],
    ]),
  ).toEqual([]);
  expect(
    breachesOf("retry-after", [
      [0, asked],
      [MINUTE_MS, started("b", "v.2")],
    ]),
  ).toEqual([]);
});

describe("no-churn", () => {
  const received = (recordId: string): DayEvent => ({ kind: "received", lane: "records", recordId });
  const many = (count: number, atMs: number) =>
    Array.from({ length: count }, (_, at) => [atMs + at, received(`r${at % 3}`)] as const);
  const story = {
    ...CALM,
    weather: [{ fromMinute: 0, untilMinute: 9, kind: "capacity", count: 0 } as const],
  };
  const hold = { id: "x", by: "anna", reason: "trouble", fromMs: 0, untilMs: 20 * MINUTE_MS };
  const held = (...events: readonly (readonly [number, DayEvent])[]) =>
    breachesOf("no-churn", [[0, { kind: "orders", hold }], ...events], { story });

  test("on a calm day a message takes few receives", () => {
    expect(breachesOf("no-churn", many(5, 0))).toEqual([]);
    expect(breachesOf("no-churn", many(20, 0))).toHaveLength(1);
  });

  test("what meets a closed provider comes once more when it opens, each time that it does", () => {
    const windows = { closed: [{ days: ["mon-sun" as const], from: "00:30", to: "00:32" }] };
    const closing = { ...CALM, contract: { ...CALM.contract, windows } };
    const ten = (atMs: number) =>
      Array.from({ length: 10 }, (_, at) => [atMs + at, received(`r${at}`)] as const);
    const done = Array.from({ length: 10 }, () => [60 * MINUTE_MS, deleted] as const);
    const of = (...minutes: readonly number[]) =>
      breachesOf("no-churn", [...minutes.flatMap((minute) => ten(minute * MINUTE_MS)), ...done], {
        story: closing,
      });
    expect([of(31, 33), of(29.9, 33), of(20, 33), of(31, 31.5, 33)].map(({ length }) => length)).toEqual([
      0, 0, 1, 1,
    ]);
  });

  test("behind the valve of a trip it takes hardly any", () => {
    const shut = (count: number) =>
      [
        [0, control("open", 1)],
        ...many(count, 5 * MINUTE_MS),
        [9 * MINUTE_MS, control("closed", 2)],
      ] as const;
    expect(breachesOf("no-churn", shut(60), { story })).toEqual([]);
    expect(breachesOf("no-churn", shut(300), { story })).toHaveLength(1);
  });

  test("behind the valve of a hold it takes none, once it had the time to shut, and until it has to open", () => {
    const at = (minute: number) => held(...many(20, minute * MINUTE_MS));
    expect([at(3), at(5), at(17), at(18)].map(({ length }) => length)).toEqual([0, 1, 1, 0]);
    const resumed = [6 * MINUTE_MS, { kind: "orders" }] as const;
    expect(held(resumed, ...many(20, 7 * MINUTE_MS))).toEqual([]);
    expect(held(...many(20, 5 * MINUTE_MS), resumed)).toHaveLength(1);
    const other = [9 * MINUTE_MS, { kind: "orders", hold, pin: { ...hold, limit: 1 } }] as const;
    expect(held(other, ...many(20, 10 * MINUTE_MS))).toHaveLength(1);
  });

  test("behind the valve of a quota that is used up it takes none until the reset, but for users", () => {
    const quotas = [{ requests: 2, per: "day", resetsAt: "00:30", reserve: 0 } as const];
    const daily = { ...story, contract: { ...CALM.contract, quotas } };
    const starts = [
      [0, started("a", "v.1")],
      [1, started("b", "v.2")],
    ] as const;
    const at = (minute: number, lane: "records" | "express" = "records") =>
      breachesOf(
        "no-churn",
        [
          ...starts,
          ...many(20, minute * MINUTE_MS).map(([atMs, event]) => [atMs, { ...event, lane }] as const),
        ],
        { story: daily },
      ).length;
    expect([at(3), at(5), at(5, "express"), at(27), at(28), at(31)]).toEqual([0, 1, 0, 1, 0, 0]);
    const third = [31 * MINUTE_MS, started("c", "v.3")] as const;
    const again = [...starts, ...many(20, 10 * MINUTE_MS), third];
    expect(breachesOf("no-churn", again, { story: daily })).toHaveLength(1);
  });

  test("behind the valve of a closing it takes none either", () => {
    const windows = { closed: [{ days: ["mon-sun" as const], from: "00:30", to: "01:00" }] };
    const closing = { ...story, contract: { ...CALM.contract, windows } };
    const at = (minute: number) =>
      breachesOf("no-churn", many(20, minute * MINUTE_MS), { story: closing }).length;
    expect([at(29), at(33), at(35), at(57), at(58)]).toEqual([0, 0, 1, 1, 0]);
  });
});

describe("window", () => {
  const windows = { closed: [{ days: ["mon-sun" as const], from: "00:30", to: "01:00" }] };
  const contract = { ...CALM.contract, windows };
  const story = { ...CALM, contract };
  const closesMs = 30 * MINUTE_MS;
  const { timeoutMs: longestMs } = parseProvider(contract, "in a test").worker;
  const startedAt = (atMs: number, faults: Story["faults"] = []) =>
    breachesOf("window", [[atMs, started("a", "v.1")]], { story: { ...story, faults } }).length;

  test("a start is a breach while it is closed, and so late before that the longest call would last into it", () => {
    expect([startedAt(closesMs), startedAt(45 * MINUTE_MS), startedAt(60 * MINUTE_MS)]).toEqual([1, 1, 0]);
    expect([startedAt(closesMs - longestMs), startedAt(closesMs - longestMs + 1)]).toEqual([0, 1]);
  });

  test("after a deploy that moves the closing either one is none while an old environment may live", () => {
    const to = { closed: [{ days: ["mon-sun" as const], from: "02:00", to: "03:00" }] };
    const deploy = [25 * MINUTE_MS, deployedAs({ windows: to })] as const;
    const startedAfter = (minute: number) =>
      breachesOf("window", [deploy, [minute * MINUTE_MS, started("a", "v.1")]], { story }).length;
    expect([35, 50, 90, 130].map(startedAfter)).toEqual([0, 0, 0, 1]);
  });

  test("a late start is none if a fault may have delayed it on its way, and one while it is closed is all the same", () => {
    const cold = { fromMinute: 28, untilMinute: 29, kind: "cold-starts", delayMs: 9_000 } as const;
    expect([startedAt(closesMs - 1, [cold]), startedAt(closesMs, [cold])]).toEqual([0, 1]);
  });

  test("a call that is in flight when it closes is a breach, unless its worker stands still", () => {
    const endedAt = (atMs: number, faults: Story["faults"] = []) =>
      breachesOf("window", [[atMs, ended("a", "v.1")]], { story: { ...story, faults } }).length;
    const frozen = {
      kind: "freeze",
      role: "worker",
      ratio: 1,
      freezeMs: 1,
      fromMinute: 0,
      untilMinute: 1,
    } as const;
    expect([endedAt(closesMs), endedAt(closesMs + 1), endedAt(closesMs + 1, [frozen])]).toEqual([0, 1, 0]);
  });
});

describe("operators", () => {
  const order = { id: "x", by: "anna", reason: "trouble", fromMs: 0, untilMs: 10 * MINUTE_MS };
  const orders = (given: Partial<Extract<DayEvent, { kind: "orders" }>>): DayEvent => ({
    kind: "orders",
    ...given,
  });
  const heldAt = (
    atMs: number,
    first: readonly [number, DayEvent] = [0, orders({ hold: order })],
    story = CALM,
  ) => breachesOf("operators", [first, [atMs, started("a", "v.1")]], { story });

  test("a start in a hold is a breach, after the time that the news takes, and until its end", () => {
    expect([heldAt(4_000), heldAt(6_000), heldAt(9 * MINUTE_MS)].map(({ length }) => length)).toEqual([
      0, 1, 1,
    ]);
    expect(heldAt(10 * MINUTE_MS)).toEqual([]);
  });

  test("a closure that is planned is kept from its beginning on", () => {
    const planned = [0, orders({ hold: { ...order, fromMs: 5 * MINUTE_MS } })] as const;
    expect(
      [heldAt(4 * MINUTE_MS, planned), heldAt(6 * MINUTE_MS, planned)].map(({ length }) => length),
    ).toEqual([0, 1]);
  });

  test("a hold that is resumed is over", () => {
    const resumed = [
      [0, orders({ hold: order })],
      [MINUTE_MS, orders({})],
      [MINUTE_MS + 1, started("a", "v.1")],
    ] as const;
    expect(breachesOf("operators", resumed)).toEqual([]);
  });

  test("while the table is away nobody can know of a hold", () => {
    const story: Story = {
      ...CALM,
      faults: [{ fromMinute: 0, untilMinute: 2, kind: "away", service: "dynamodb" }],
    };
    expect([heldAt(3 * MINUTE_MS, undefined, story), heldAt(5 * MINUTE_MS, undefined, story)]).toEqual([
      [],
      [expect.stringMatching(/into a hold/)],
    ]);
  });

  test("a pin is exceeded by a start beyond it, once the calls of before are over", () => {
    const pinned = [0, orders({ pin: { ...order, limit: 1 } })] as const;
    const at = (atMs: number, inFlightCount: number) =>
      breachesOf("operators", [pinned, [atMs, started("a", "v.1", inFlightCount)]]).length;
    expect([at(5_000, 2), at(2 * MINUTE_MS, 2), at(2 * MINUTE_MS, 1), at(11 * MINUTE_MS, 2)]).toEqual([
      0, 1, 0, 0,
    ]);
  });
});

test("in-time: what throws, and a function that is stopped at its time-out, are breaches", () => {
  const died: DayEvent = {
    kind: "died",
    environment: "v",
    role: "ventilator",
    errorType: "Sandbox.Timedout",
  };
  expect(breachesOf("in-time", [[0, { kind: "threw", where: "wake", error: "Error" }]])).toHaveLength(1);
  expect(breachesOf("in-time", [[0, died]])).toHaveLength(1);
  const frozen = {
    kind: "freeze",
    role: "ventilator",
    ratio: 1,
    freezeMs: 1,
    fromMinute: 0,
    untilMinute: 1,
  } as const;
  expect(breachesOf("in-time", [[0, died]], { story: { ...CALM, faults: [frozen] } })).toEqual([]);
});

describe("rejections", () => {
  const call = (record: string, atMs: number, status: 200 | 404, day = "1970-01-01") =>
    [
      [atMs, claimed(record, `${record}.${atMs}`, day)],
      [atMs, ended(record, `${record}.${atMs}`, status)],
    ] as const;
  const letter = (recordId: string): DayEvent => ({ kind: "letter", recordId, cause: "x" });
  const dies = (record: string, atMs: number, day?: string) =>
    [...call(record, atMs - 0.5, 404, day), ...call(record, atMs, 404, day), [atMs, letter(record)]] as const;
  const wrong = { fromMinute: 0, untilMinute: 9, kind: "wrong-address", ratio: 1 } as const;

  test("a record dies of its fifth on a day, or after a success of that day, or is a breach", () => {
    const four = Array.from({ length: 4 }, (_, index) => call("a", index, 404)).flat();
    expect(breachesOf("rejections", [...four, ...dies("a", 9)])).toEqual([]);
    expect(breachesOf("rejections", [...call("b", 0, 200), ...dies("a", 9)])).toEqual([]);
    expect(breachesOf("rejections", [...four.slice(4), ...dies("a", 9)])).toEqual([
      "a died of 4 rejections, with nothing fetched on 1970-01-01",
    ]);
    const dayMs = 24 * 60 * MINUTE_MS;
    const yesterday = call("b", 0, 200);
    expect(breachesOf("rejections", [...yesterday, ...dies("a", dayMs, "1970-01-02")])).toHaveLength(1);
  });

  test("no record that the provider knows dies of its first", () => {
    const first = [...call("b", 0, 200), ...call("a", 9, 404), [9, letter("a")] as const];
    expect(breachesOf("rejections", first)).toEqual(["a died of its first rejection"]);
  });

  test("a success shortly before midnight may be told after it", () => {
    const dayMs = 24 * 60 * MINUTE_MS;
    const late = call("b", dayMs - 4 * MINUTE_MS, 200);
    expect(breachesOf("rejections", [...late, ...dies("a", dayMs, "1970-01-02")])).toEqual([]);
  });

  test("a dead letter that was put back is believed", () => {
    const redriven: DayEvent = { kind: "redriven", recordId: "a" };
    expect(breachesOf("rejections", [[0, redriven], ...dies("a", 9)])).toEqual([]);
    expect(breachesOf("rejections", [[0, redriven], ...dies("b", 9)])).toHaveLength(1);
  });

  test("the last records that the provider does not know end too, unless all seems rejected", () => {
    const unsettled = [99, { kind: "unsettled", left: ["a"] }] as const;
    const what = "a is not dead although it was rejected each time; the breaker is";
    const calls = Array.from({ length: 40 }, (_, index) => call(`u${index}`, index + 1, 404)).flat();
    const open = [50, control("open", 1)] as const;
    expect(breachesOf("rejections", [...calls, unsettled])).toEqual([`${what} closed`]);
    expect(breachesOf("rejections", [...calls, open, unsettled])).toEqual([]);
    expect(breachesOf("rejections", [...calls, ...call("b", 49, 200), open, unsettled])).toEqual([
      `${what} open`,
    ]);
  });

  test("one dies among the first ten rejections in a row, and ten for each of X, and not later", () => {
    const deaths = (count: number) => Array.from({ length: count }, (_, index) => dies(`r${index}`, index));
    const ok = call("b", -1, 200);
    expect(breachesOf("rejections", [...ok, ...deaths(20).flat()])).toEqual([]);
    expect(breachesOf("rejections", [...ok, ...deaths(21).flat()])).toEqual([
      "r20 died of 2 rejections, the last of 42 in a row",
    ]);
  });

  test("a closed breaker is a breach a minute after eighty in a row, where nothing else is wrong", () => {
    const calls = Array.from({ length: 80 }, (_, index) => call("a", index, 404)).flat();
    const late = call("a", 61_000, 404);
    const story = { ...CALM, faults: [wrong] };
    expect(breachesOf("rejections", [...calls, ...late], { story })).toEqual([
      "81 calls in a row were rejected, and the breaker is closed",
    ]);
    const opened = [80, control("open", 1)] as const;
    expect(breachesOf("rejections", [...calls, opened, ...late], { story })).toEqual([]);
    expect(breachesOf("rejections", [...calls, ...call("b", 90, 200), ...late], { story })).toEqual([]);
    const busy = { ...CALM, faults: [wrong, { ...wrong, kind: "no-waker" } as const] };
    expect(breachesOf("rejections", [...calls, ...late], { story: busy })).toEqual([]);
  });
});

describe("quota", () => {
  const withQuotas = (...quotas: NonNullable<Story["contract"]["quotas"]>[number][]): { story: Story } => ({
    story: { ...CALM, contract: { ...CALM.contract, quotas } },
  });
  const at = (...instantsMs: readonly number[]) =>
    instantsMs.map((atMs) => [atMs, started("a", `w-0.${atMs}`)] as const);

  test("one start too many in any stretch of a period is a breach, and one at its very end is none", () => {
    const story = withQuotas({ requests: 2, per: "minute" });
    expect(breachesOf("quota", at(50_000, 70_000, 110_000, 130_000), story)).toEqual([]);
    expect(breachesOf("quota", at(50_000, 70_000, 109_999), story)).toHaveLength(1);
  });

  test("a day is counted from its reset on", () => {
    const story = withQuotas({ requests: 1, per: "day", resetsAt: "09:00" });
    const nineMs = 9 * 60 * MINUTE_MS;
    expect(breachesOf("quota", at(nineMs - 1, nineMs), story)).toEqual([]);
    expect(breachesOf("quota", at(nineMs, nineMs + 1), story)).toHaveLength(1);
  });

  test("after a deploy the looser contract holds for as long as an old environment may live, and then the new one alone", () => {
    const story = withQuotas({ requests: 2, per: "minute" });
    const deploy = (requests: number) =>
      [55_000, deployedAs({ quotas: [{ requests, per: "minute" }] })] as const;
    const starts = at(50_000, 60_000, 70_000);
    expect(breachesOf("quota", [...starts.slice(0, 1), deploy(3), ...starts.slice(1)], story)).toEqual([]);
    expect(breachesOf("quota", [...starts.slice(0, 1), deploy(1), ...starts.slice(1)], story)).toHaveLength(
      1,
    );
    const lateMs = 30 * MINUTE_MS;
    expect(breachesOf("quota", [deploy(1), ...at(60_000, 70_000)], story)).toEqual([]);
    expect(breachesOf("quota", [deploy(1), ...at(lateMs, lateMs + 1)], story)).toHaveLength(1);
  });

  test("a deploy that moves a day's reset counts what was started before it", () => {
    const daily = { requests: 1, per: "day" } as const;
    const deploy = [10 * 60 * MINUTE_MS, deployedAs({ quotas: [{ ...daily, resetsAt: "00:00" }] })] as const;
    const [early, late] = at(8 * 60 * MINUTE_MS, 12 * 60 * MINUTE_MS);
    const story = withQuotas({ ...daily, resetsAt: "09:00" });
    expect(
      breachesOf(
        "quota",
        [early, late].flatMap((one) => (one ? [one] : [])),
        story,
      ),
    ).toEqual([]);
    expect(
      breachesOf(
        "quota",
        [early, deploy, late].flatMap((one) => (one ? [one] : [])),
        story,
      ),
    ).toHaveLength(1);
  });

  test("a provider without quotas has none to breach", () => {
    expect(breachesOf("quota", at(1, 2, 3, 4))).toEqual([]);
  });
});
