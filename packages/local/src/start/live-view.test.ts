import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decisionLine, type LiveView, renderFrame, statusLine } from "./live-view.ts";
import type { SteeringView } from "./steering-view.ts";

const BROWNOUT: LiveView = {
  elapsedMs: 125_400,
  weather: "brownout",
  phase: "closed",
  limit: 6,
  maxConcurrency: 10,
  inFlightCount: 5,
  batchSize: 2,
  maximumConcurrency: 6,
  isValveEnabled: true,
  latencyMs: 1_234.5,
  faultsPerSecond: 0.44,
  fetchedCount: 1_850,
  totalCount: 5_000,
  backlogCount: 3_145,
  slowPercentage: 0,
  errorPercentage: 0,
};
const { latencyMs: _, ...UNANSWERED } = BROWNOUT;
const OUTAGE: LiveView = {
  ...UNANSWERED,
  weather: "outage",
  phase: "open",
  limit: 1,
  inFlightCount: 0,
  isValveEnabled: false,
  slowPercentage: 30,
  errorPercentage: 20,
};

const NOW_MS = Date.parse("2026-11-18T12:04:18Z");
const STEERING: SteeringView = {
  nowMs: NOW_MS,
  timeZone: "Europe/Zurich",
  access: { isOpen: true, mayStart: true, untilMs: NOW_MS + 42_000 },
  quotas: [
    { per: "minute", requests: 300, usedCount: 143 },
    { per: "day", requests: 50_000, usedCount: 1_204, resetsAtMs: Date.parse("2026-11-19T05:00:00Z") },
  ],
  reasons: [],
};
const OPEN: LiveView = { ...BROWNOUT, steering: STEERING };
const CLOSED: LiveView = {
  ...OUTAGE,
  steering: {
    ...STEERING,
    access: { isOpen: false, mayStart: false, untilMs: NOW_MS + 42_000 },
    reasons: [
      { name: "operator anna", isPlanned: true, untilMs: NOW_MS + 11_000 },
      { name: "access window", isPlanned: true, untilMs: NOW_MS + 44_000 },
    ],
  },
};

test("a panel shows windows, quotas, and all that lets nothing start", () => {
  const middle = (view: LiveView) => renderFrame(view, { width: 79, color: false }).slice(5, -3);
  expect([middle(OPEN), middle(CLOSED)]).toMatchInlineSnapshot(`
    [
      [
        "access     open until 13:05:00, 00:42 left",
        "quota      ███████████·············  143 of 300 a minute",
        "quota      █·······················  1,204 of 50,000 a day, resets at 06:00",
        "shut by    nothing",
      ],
      [
        "access     closed until 13:05:00, 00:42 left",
        "quota      ███████████·············  143 of 300 a minute",
        "quota      █·······················  1,204 of 50,000 a day, resets at 06:00",
        "shut by    access window until 13:05:02, 00:44 left; operator anna until",
        "           13:04:29, 00:11 left",
      ],
    ]
  `);
});

test("the status line says so too, but not that nothing holds", () => {
  expect([statusLine(OPEN), statusLine(CLOSED)]).toMatchInlineSnapshot(`
    [
      "02:05  brownout · breaker closed · limit 6 of 10 · in flight 5 · valve batch 2 × concurrency 6 · median 1,235 ms, 0.4 faults/s · access open until 13:05:00, 00:42 left · 143 of 300 a minute · 1,204 of 50,000 a day, resets at 06:00 · fetched 1,850 of 5,000 (37 %), 3,145 queued",
      "02:05  outage · breaker open · limit 1 of 10 · in flight 0 · valve shut · no answers, 0.4 faults/s · 30 % slow, 20 % errors · access closed until 13:05:00, 00:42 left · 143 of 300 a minute · 1,204 of 50,000 a day, resets at 06:00 · shut by access window until 13:05:02, 00:44 left; operator anna until 13:04:29, 00:11 left · fetched 1,850 of 5,000 (37 %), 3,145 queued",
    ]
  `);
});

test("the panel is whole at 60 columns", () => {
  expect(renderFrame(CLOSED, { width: 59, color: false, hasKeys: true })).toMatchInlineSnapshot(`
    [
      "02:05  weather outage   breaker open",
      "fetched    ██···  1,850 of 5,000 (37 %), 3,145 queued",
      "run        not begun",
      "in flight  ·····  0 of 10",
      "limit      █····  1 of 10",
      "access     closed until 13:05:00, 00:42 left",
      "quota      ██···  143 of 300 a minute",
      "quota      █····  1,204 of 50,000 a day, resets at 06:00",
      "shut by    access window until 13:05:02, 00:44 left;",
      "           operator anna until 13:04:29, 00:11 left",
      "valve      shut",
      "provider   no answers, 0.4 faults/s",
      "trouble    30 % slow, 20 % errors",
      "keys       h hold 20 s or resume, q end",
    ]
  `);
});

test("a panel shows the weather, the breaker, and bars against X", () => {
  expect(renderFrame(BROWNOUT, { width: 79, color: false })).toMatchInlineSnapshot(`
    [
      "02:05  weather brownout   breaker closed",
      "fetched    █████████···············  1,850 of 5,000 (37 %), 3,145 queued",
      "run        not begun",
      "in flight  ████████████············  5 of 10",
      "limit      ██████████████··········  6 of 10",
      "valve      batch 2 × concurrency 6",
      "provider   median 1,235 ms, 0.4 faults/s",
      "trouble    none",
    ]
  `);
});

test("a panel in an outage, with keys and trouble", () => {
  expect(
    renderFrame(OUTAGE, { width: 60, color: false, hasKeys: true, hasTroubleKeys: true }),
  ).toMatchInlineSnapshot(`
    [
      "02:05  weather outage   breaker open",
      "fetched    ██···  1,850 of 5,000 (37 %), 3,145 queued",
      "run        not begun",
      "in flight  ·····  0 of 10",
      "limit      █····  1 of 10",
      "valve      shut",
      "provider   no answers, 0.4 faults/s",
      "trouble    30 % slow, 20 % errors",
      "keys       h hold 20 s or resume, q end",
      "           s/S slow ±10 %, e/E errors ±10 %, 0 none",
    ]
  `);
});

test("without UTF-8 only ASCII is used", () => {
  const lines = renderFrame(OUTAGE, {
    width: 79,
    color: false,
    unicode: false,
    hasKeys: true,
    hasTroubleKeys: true,
  });
  expect(lines.join("\n")).toMatch(/^[\n -~]*$/);
  expect(renderFrame(BROWNOUT, { width: 79, color: false, unicode: false })[4]).toBe(
    `limit      ${"#".repeat(14)}${".".repeat(10)}  6 of 10`,
  );
});

test("colour changes nothing but colour, and tells the phase", () => {
  const options = { width: 79, hasKeys: true };
  const colored = renderFrame(OUTAGE, { ...options, color: true });
  expect(colored[0]).toContain("\u001b[31mopen\u001b[0m");
  expect(colored.map((line) => stripVTControlCharacters(line))).toEqual(
    renderFrame(OUTAGE, { ...options, color: false }),
  );
});

const WITH_KEYS = { color: false, hasKeys: true, hasTroubleKeys: true };

test("no row is longer than the terminal", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), fc.boolean(), (width, color) => {
      const rows = renderFrame(CLOSED, { ...WITH_KEYS, width, color });
      for (const row of rows) expect(stripVTControlCharacters(row).length).toBeLessThanOrEqual(width);
    }),
  );
});

test("from 40 columns on a row loses none of its words, and says what it is about", () => {
  const wordsOf = (rows: readonly string[]) => rows.join(" ").match(/[^\s█·]+/g);
  fc.assert(
    fc.property(fc.integer({ min: 40, max: 300 }), fc.constantFrom(OPEN, CLOSED), (width, view) => {
      const rows = renderFrame(view, { ...WITH_KEYS, width });
      expect(wordsOf(rows)).toEqual(wordsOf(renderFrame(view, { ...WITH_KEYS, width: 1_000 })));
      for (const row of rows.slice(1)) expect(row).toMatch(/^([a-z ]{11}| {11})\S/);
    }),
  );
});

test("the panel is whole at 40 columns", () => {
  expect(renderFrame(CLOSED, { ...WITH_KEYS, width: 39 })).toMatchInlineSnapshot(`
    [
      "02:05  weather outage   breaker open",
      "fetched    ██···  1,850 of 5,000",
      "           (37 %), 3,145 queued",
      "run        not begun",
      "in flight  ·····  0 of 10",
      "limit      █····  1 of 10",
      "access     closed until 13:05:00, 00:42",
      "           left",
      "quota      ██···  143 of 300 a minute",
      "quota      █····  1,204 of 50,000 a",
      "           day, resets at 06:00",
      "shut by    access window until",
      "           13:05:02, 00:44 left;",
      "           operator anna until",
      "           13:04:29, 00:11 left",
      "valve      shut",
      "provider   no answers, 0.4 faults/s",
      "trouble    30 % slow, 20 % errors",
      "keys       h hold 20 s or resume, q end",
      "           s/S slow ±10 %, e/E errors",
      "           ±10 %, 0 none",
    ]
  `);
});

test.each([
  [0, 0],
  [0.01, 1],
  [5, 20],
  [9.99, 39],
  [10, 40],
  [12, 40],
])("a limit of %d of 10 fills %d of 40 cells", (limit, cells) => {
  const [, , , , line = ""] = renderFrame({ ...BROWNOUT, limit }, { width: 120, color: false });
  expect(line.match(/█/g)?.length ?? 0).toBe(cells);
  expect(line.match(/[█·]/g)).toHaveLength(40);
});

test("a run says what has become of its records, how fast it goes, and when it will be done", () => {
  const counts = { fetched: 1_850, fetchedBefore: 0, dead: 3, expired: 0, cancelled: 0 };
  const run = { counts, open: 3_147, ratePerMinute: 900, endsAtMs: Date.now() + 209_900 };
  const frame = renderFrame({ ...BROWNOUT, run }, { width: 120, color: false });
  expect(frame[2]).toMatch(/^run {8}1,850 fetched, 3 dead, 3,147 open; 15 a second, done in 03:2\d$/);
});

test("a run of nothing is drawn too", () => {
  const empty = { ...BROWNOUT, fetchedCount: 0, totalCount: 0 };
  expect(renderFrame(empty, { width: 79, color: false })[1]).toContain("0 of 0 (0 %)");
});

test("the status line has the same figures, and trouble only if there is any", () => {
  expect([statusLine(BROWNOUT), statusLine(OUTAGE)]).toMatchInlineSnapshot(`
    [
      "02:05  brownout · breaker closed · limit 6 of 10 · in flight 5 · valve batch 2 × concurrency 6 · median 1,235 ms, 0.4 faults/s · fetched 1,850 of 5,000 (37 %), 3,145 queued",
      "02:05  outage · breaker open · limit 1 of 10 · in flight 0 · valve shut · no answers, 0.4 faults/s · 30 % slow, 20 % errors · fetched 1,850 of 5,000 (37 %), 3,145 queued",
    ]
  `);
});

test("a decision begins with its time", () => {
  expect(decisionLine({ atMs: 754_900, summary: "probe answered: half-open → limit 2" })).toBe(
    "12:34  probe answered: half-open → limit 2",
  );
});
