import { demoProvider } from "@sluice/testing/demo-provider";
import { NOON_MS } from "@sluice/testing/fake-clock";
import { quietSnapshot } from "@sluice/testing/quiet-snapshot";
import { describe, expect, test } from "vitest";
import type { Snapshot } from "../ports/history-store.ts";
import type { SeenMapping } from "../valve/reconciler.ts";
import { flowClockMs, openingOf } from "./opening.ts";

const FLOOR = { isEnabled: true, batchSize: 1, maximumConcurrency: 2 };
const OPEN = { ...FLOOR, maximumConcurrency: 10 };
const SHUT = { ...FLOOR, isEnabled: false };

type State = NonNullable<SeenMapping["reading"]>["state"];

/** The opening as a waker tells it at noon, in seconds from then. */
function told(
  state: State,
  settings: typeof FLOOR,
  seen: Omit<SeenMapping, "reading">,
  latest: Partial<Snapshot> = {},
) {
  const reading = { id: "mapping", state, settings, reason: "" };
  const opening = openingOf({ ...seen, reading } as SeenMapping, {
    contract: demoProvider({ maxConcurrency: 10 }),
    latest: { ...quietSnapshot(NOON_MS), limit: 10, maxConcurrency: 10, ...latest },
  });
  return opening && [(opening.atMs - NOON_MS) / 1_000, opening.part];
}
const turned = (secondsAgo: number, from: typeof FLOOR) => ({
  turned: { atMs: NOON_MS - 1_000 * secondsAgo, from },
});

describe("an opening", () => {
  test("is half a minute after the round that turns the mapping, which can't while it is being made", () => {
    expect(told("enabled", FLOOR, { wanted: OPEN })).toEqual([30, 0.2]);
    expect(told("creating", FLOOR, { wanted: OPEN })).toEqual([90, 0.2]);
    expect(told("disabled", SHUT, { wanted: OPEN })).toEqual([30, 0]);
  });

  test("is to come as long as the mapping is being changed, and over once it is seen", () => {
    expect(told("updating", OPEN, { wanted: OPEN, ...turned(10, FLOOR) })).toEqual([20, 0.2]);
    expect(told("updating", OPEN, { wanted: OPEN, ...turned(50, FLOOR) })).toEqual([0.001, 0.2]);
    expect(told("enabling", OPEN, { wanted: OPEN, ...turned(10, SHUT) })).toEqual([20, 0]);
    expect(told("enabled", OPEN, { wanted: OPEN, ...turned(50, FLOOR) })).toEqual([-20, 0.2]);
    expect(told("enabled", OPEN, { wanted: OPEN, ...turned(10, FLOOR) })).toEqual([0, 0.2]);
  });

  test("lets through no more than the limit does", () => {
    expect(told("enabled", FLOOR, { wanted: OPEN }, { limit: 4 })).toEqual([30, 0.5]);
    expect(told("enabled", FLOOR, { wanted: OPEN }, { limit: 2 })).toBeUndefined();
  });

  test.each<[string, Parameters<typeof told>]>([
    ["is to be narrowed", ["enabled", OPEN, { wanted: FLOOR }]],
    ["is to be shut", ["enabled", FLOOR, { wanted: { ...OPEN, isEnabled: false } }]],
    [
      "is to be opened by less than is worth a change",
      ["enabled", { ...OPEN, maximumConcurrency: 9 }, { wanted: OPEN }],
    ],
    ["was narrowed", ["enabled", FLOOR, { wanted: FLOOR, ...turned(10, OPEN) }]],
    ["is behind a breaker that is not closed", ["enabled", FLOOR, { wanted: OPEN }, { phase: "half-open" }]],
  ])("is none of a mapping that %s", (_, given) => {
    expect(told(...given)).toBeUndefined();
  });
});

test("the clock of the flow goes slower before an opening, and is right from then on", () => {
  const opening = { atMs: 1_000, part: 0.25 };
  expect([0, 600, 1_000, 2_000].map((atMs) => flowClockMs(atMs, opening))).toEqual([750, 900, 1_000, 2_000]);
  expect(flowClockMs(600, undefined)).toBe(600);
});
