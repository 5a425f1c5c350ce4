import { expect, it } from "vitest";
import { parseScenario } from "../provider-simulator/parse-scenario.ts";
import { arrivalsOf } from "./records.ts";

const scenario = parseScenario(
  {
    durationMinutes: 10,
    backlog: 5,
    arrivalsPerMinute: [
      [0, 0],
      [2, 6],
      [4, 0.5],
    ],
  },
  "in a test",
);

it("lets records arrive at the pace of the time line, on top of the backlog, until the scenario ends", () => {
  const arrivals = arrivalsOf(scenario);
  const countAtMinutes = [0, 2, 2.5, 4, 6, 8, 10, 20].map((minute) => arrivals.countAt(minute * 60_000));
  expect(countAtMinutes).toEqual([5, 5, 8, 17, 18, 19, 20, 20]);
  expect(arrivals.totalCount).toBe(20);
});

it("counts the same in one step as in many", () => {
  const arrivals = arrivalsOf(scenario);
  for (let atMs = 0; atMs <= 600_000; atMs += 777) arrivals.countAt(atMs);
  expect(arrivals.countAt(600_000)).toBe(20);
});
