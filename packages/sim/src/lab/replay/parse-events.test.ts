import { parseProvider } from "@sluice/core/provider";
import { expect, test } from "vitest";
import { parseEvents } from "./parse-events.ts";
import { rebuild } from "./rebuild.ts";

const START_MS = Date.parse("2026-11-21T09:00:00Z");
const at = (phase: string, limit: number, epoch: number) => ({ phase, limit, epoch });
const seen = { forMs: 600_000, calls: 3_000, throttled: 12, medianMs: 800, sigma: 0.5 };
const DECISIONS = [
  {
    id: "a",
    atMs: START_MS,
    kind: "decision",
    summary: "cut: throttled: limit 10 → limit 7",
    details: {
      rule: "cut: throttled",
      inputs: { calls: 20, share: 0.6 },
      before: at("closed", 10, 3),
      after: at("closed", 7, 4),
      seen,
    },
  },
  { id: "b", atMs: START_MS + 1_000, kind: "valve", summary: "records: 10 → 7", details: {} },
  {
    id: "c",
    atMs: START_MS + 90_000,
    kind: "decision",
    summary: "stepped up: limit 7 → limit 8",
    details: {
      rule: "stepped up",
      inputs: { successes: 700 },
      before: at("closed", 7, 4),
      after: at("closed", 8, 5),
    },
  },
];

const parse = (text: string) => parseEvents(text, "events.json");
const lines = (events: readonly object[]) => events.map((event) => JSON.stringify(event)).join("\n");
const item = ({ id, atMs, kind, summary, details }: (typeof DECISIONS)[number], provider = "acme") => ({
  pk: { S: `$sluice#provider_${provider}#day_2026-11-21` },
  provider: { S: provider },
  id: { S: id },
  atMs: { N: String(atMs) },
  kind: { S: kind },
  summary: { S: summary },
  details: { S: JSON.stringify(details) },
});

test.each([
  ["a list", JSON.stringify(DECISIONS)],
  ["a list over lines", JSON.stringify(DECISIONS, null, 2)],
  ["a line each", `${lines(DECISIONS)}\n`],
  ["a byte order mark", `\uFEFF${JSON.stringify(DECISIONS)}`],
])("events as %s are read", (_, text) => {
  const { decisions, fromMs, untilMs, provider } = parse(text);
  expect(decisions.map(({ rule, atMs }) => [rule, atMs - START_MS])).toEqual([
    ["cut: throttled", 0],
    ["stepped up", 90_000],
  ]);
  expect(decisions[0]?.seen).toEqual(seen);
  expect([fromMs, untilMs, provider]).toEqual([START_MS, START_MS + 90_000, undefined]);
});

test("what aws dynamodb query prints is the same, and says whose events they are", () => {
  const printed = JSON.stringify(
    { Items: DECISIONS.map((one) => item(one)), Count: 3, ScannedCount: 3 },
    null,
    4,
  );
  expect(parse(printed)).toEqual({ ...parse(JSON.stringify(DECISIONS)), provider: "acme" });
});

const text = JSON.stringify(DECISIONS);
test.each([
  ["nothing", " \n", /there is nothing in it\. Save what aws dynamodb query prints with --output json/],
  [
    "text",
    "2026-11-21T09:14:07.412Z\ttripped",
    /it is no JSON: .*--output json, without --projection-expression/,
  ],
  ["a file that was cut off", text.slice(0, -40), /its JSON is cut off: /],
  [
    "a last line that was cut off",
    lines(DECISIONS).slice(0, -30),
    /line 3 ends in the middle: .*delete that line/,
  ],
  ["a line that is no JSON", `${lines(DECISIONS)}\noops\n${lines(DECISIONS)}`, /line 4 is no JSON/],
  ["another object", '{"Attributes": []}', /neither a list of events nor an object with Items/],
  ["no event", '{"Items": []}', /there is no event in it\. Ask for a day/],
  ["no decision", JSON.stringify([DECISIONS[1]]), /none of its 1 events is a decision, .*Ask for a day/],
  [
    "disorder",
    JSON.stringify(DECISIONS.toReversed()),
    /event 2, of 2026-11-21T09:00:01\.000Z, is older .*Sort/,
  ],
  [
    "half of an event",
    '[{"id": "a", "atMs": 1, "kind": "decision"}]',
    /event 1 is no event of a breaker \(details/,
  ],
  [
    "two providers",
    JSON.stringify({ Items: DECISIONS.map((one, nth) => item(one, nth === 0 ? "acme" : "demo")) }),
    /they are of 2 providers, acme and demo\. Replay those of one/,
  ],
])("%s is refused with what, where and what to do", (_, wrong, why) => {
  expect(() => parse(wrong)).toThrow(/^The events of events\.json can't be replayed: /);
  expect(() => parse(wrong)).toThrow(why);
});

test("events without what was seen are replayed all the same, by the contract's latency", () => {
  const bare = DECISIONS.map(({ details: { seen: _, ...details }, ...event }) => ({ ...event, details }));
  const contract = parseProvider(
    {
      id: "acme",
      maxConcurrency: 10,
      slowAfterMs: 4_000,
      timeoutMs: 30_000,
      latency: { medianMs: 800, sigma: 0.8, minMs: 50, maxMs: 30_000 },
      worker: { name: "http-json" },
    },
    "acme.json",
  );
  const { scenario } = rebuild(parse(JSON.stringify(bare)), contract);
  expect(scenario.name).toBe("replay-acme-2026-11-21");
  expect(scenario.provider).toMatchObject({
    latency: contract.latency,
    capacity: [[0, 8]],
    overload: { mode: "reject", retryAfterSeconds: null },
  });
  expect(scenario.backlog).toBeGreaterThan(100);
});
