import { WAKE_EVERY_MS } from "@sluice/core/waker";
import type { DayFunctions } from "./day-functions.ts";
import type { DayParts } from "./day-parts.ts";

/** Lets the waker make its rounds, as the schedule and its faults have it. */
export function startWakerSchedule(
  { clock, faults }: DayParts,
  { wake }: DayFunctions,
  firstAtMs: number,
): void {
  function round(): void {
    if (faults.of("no-waker").length > 0) {
      faults.struck("no-waker");
      return;
    }
    const [late] = faults.of("late-waker");
    if (late !== undefined) faults.struck("late-waker");
    clock.at(clock.nowMs() + (late?.delayMs ?? 0), () => void wake());
    if (faults.of("twin-waker").length === 0) return;
    faults.struck("twin-waker");
    void wake();
  }

  function at(atMs: number): void {
    clock.at(atMs, () => {
      round();
      at(atMs + WAKE_EVERY_MS);
    });
  }

  at(firstAtMs);
}
