import type { SimulatedProvider } from "@sluice/sim/provider-simulator";
import type { WeatherSpan } from "@sluice/sim/report";
import { stormStageAt } from "./storm-stage.ts";

/** Finer than a pixel of the charts of any storm. */
const LOOK_EVERY_MS = 250;
/** A longer run needs no finer looks than so many. */
const LOOKS_MAX = 4_000;

/** A run on the clock of its provider. */
export interface WeatherTime {
  readonly durationMs: number;
  /** The time that the provider had been running when the run began. */
  readonly providerAheadMs: number;
}

/** The stages that a provider's weather went through in a run. */
export function weatherSpansOf(
  provider: SimulatedProvider,
  { durationMs, providerAheadMs }: WeatherTime,
): readonly WeatherSpan[] {
  const stepMs = Math.max(LOOK_EVERY_MS, durationMs / LOOKS_MAX);
  const stages = Array.from({ length: Math.ceil(durationMs / stepMs) }, (_, look) => {
    const fromMs = look * stepMs;
    return { fromMs, name: stormStageAt(provider, (fromMs + providerAheadMs) / 60_000) };
  });
  const turns = stages.filter(({ name }, at) => name !== stages[at - 1]?.name);
  return turns.map(({ name, fromMs }, at) => ({
    name,
    isFair: name === "healthy",
    fromMs,
    untilMs: turns[at + 1]?.fromMs ?? durationMs,
  }));
}
