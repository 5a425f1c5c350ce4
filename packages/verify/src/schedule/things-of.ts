import type { Need } from "../measure/measurement.ts";
import { lanesOf, type Schedule } from "./schedule.ts";

/** The things that are made for a need, as a bench makes them. */
const THINGS: Readonly<Record<Need, readonly string[]>> = {
  direct: ["queue", "queue"],
  mapping: ["queue", "table", "function", "role", "event source mapping"],
  otherMapping: ["queue", "function", "role", "event source mapping"],
};

/** The things that a schedule needs, counted, for people. */
export function thingsOf(schedule: Schedule): string {
  const onBenches = new Map<string, Set<Need>>();
  for (const { benches, measurements } of lanesOf(schedule)) {
    for (const bench of benches) {
      const needs = onBenches.get(bench) ?? new Set();
      for (const need of measurements.flatMap((one) => one.needs)) needs.add(need);
      onBenches.set(bench, needs);
    }
  }
  const counts = new Map<string, number>();
  for (const needs of onBenches.values())
    for (const thing of [...needs].flatMap((need) => THINGS[need]))
      counts.set(thing, (counts.get(thing) ?? 0) + 1);
  return [...counts].map(([thing, count]) => `${count} ${thing}${count === 1 ? "" : "s"}`).join(", ");
}
