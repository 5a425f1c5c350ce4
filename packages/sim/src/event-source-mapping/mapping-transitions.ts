import type { Clock } from "@sluice/core/ports";
import { created, type Lifecycle, settled } from "./lifecycle.ts";
import { type MappingRefusal, refused } from "./mapping-outcome.ts";
import type { MappingSettings } from "./settings.ts";

/** Dependencies of {@link createTransitions}. */
export interface TransitionsDeps {
  readonly clock: Clock;
  /** The duration of the transition that starts now. */
  transitionMs(): number;
  /** Aborts when the mapping stops: a transition under way then never ends. */
  readonly stopping: AbortSignal;
  /** Called after each step, the first one included. */
  onChange(): void;
}

/** A lifecycle that moves with time. */
export interface Transitions {
  current(): Lifecycle;
  /** The instant at which the lifecycle last moved. */
  lastModifiedAtMs(): number;
  /** Creates the mapping: the first step. */
  start(): void;
  /** Moves to what `next` makes of the settings in force; returns the refusal if it may not move now. */
  begin(next: (settings: MappingSettings) => Lifecycle | MappingRefusal): MappingRefusal | undefined;
}

/** Makes the lifecycle of a mapping with these settings. */
export function createTransitions(deps: TransitionsDeps, settings: MappingSettings): Transitions {
  const { clock, stopping } = deps;
  let lifecycle = created(settings);
  let lastModifiedAtMs = clock.nowMs();

  function enter(next: Lifecycle): void {
    lifecycle = next;
    lastModifiedAtMs = clock.nowMs();
    deps.onChange();
    if (next.kind === "changing") void settleLater();
  }

  async function settleLater(): Promise<void> {
    await clock.sleep(deps.transitionMs(), stopping);
    if (!stopping.aborted) enter(settled(lifecycle));
  }

  return {
    current: () => lifecycle,
    lastModifiedAtMs: () => lastModifiedAtMs,
    start: () => enter(lifecycle),
    begin(next) {
      if (lifecycle.kind !== "settled") {
        return refused(
          "ResourceInUseException",
          "Cannot update the event source mapping because it is in use.",
        );
      }
      const step = next(lifecycle.settings);
      if (step.kind === "refused") return step;
      enter(step);
      return undefined;
    },
  };
}
