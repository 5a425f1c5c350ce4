import type { Clock } from "@sluice/core/ports";
import type { LastChange } from "./description.ts";
import { created, type Lifecycle, settled, type TransitionState } from "./lifecycle.ts";
import { type MappingRefusal, refused } from "./mapping-outcome.ts";
import type { MappingSettings } from "./settings.ts";

/** Dependencies of {@link createTransitions}. */
export interface TransitionsDeps {
  readonly clock: Clock;
  /** The duration of the transition that starts now, into this state. */
  transitionMs(state: TransitionState): number;
  /** Aborts when the mapping stops: a transition under way then never ends. */
  readonly stopping: AbortSignal;
  /** Called after each step, the first one included. */
  onChange(): void;
}

/** A lifecycle that moves with time. */
export interface Transitions {
  current(): Lifecycle;
  lastChange(): LastChange;
  /** Creates the mapping: the first step. */
  start(): void;
  /** Moves to what `next` makes of the settings in force; returns the refusal if it may not move now. */
  begin(next: (settings: MappingSettings) => Lifecycle | MappingRefusal): MappingRefusal | undefined;
  /** Moves as Lambda itself wants it, at any time. */
  force(next: (lifecycle: Lifecycle) => Lifecycle): void;
}

/** Makes the lifecycle of a mapping with these settings. */
export function createTransitions(deps: TransitionsDeps, settings: MappingSettings): Transitions {
  const { clock, stopping } = deps;
  let lifecycle = created(settings);
  let lastChange: LastChange = { atMs: clock.nowMs(), reason: "USER_INITIATED" };

  function enter(next: Lifecycle, reason: LastChange["reason"] = "USER_INITIATED"): void {
    lifecycle = next;
    lastChange = { atMs: clock.nowMs(), reason };
    deps.onChange();
    if (next.kind === "changing") void settleLater(next);
  }

  async function settleLater(changing: Extract<Lifecycle, { readonly kind: "changing" }>): Promise<void> {
    await clock.sleep(deps.transitionMs(changing.state), stopping);
    if (!stopping.aborted && lifecycle === changing) enter(settled(changing));
  }

  return {
    current: () => lifecycle,
    lastChange: () => lastChange,
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
    force(next) {
      const step = next(lifecycle);
      if (step !== lifecycle) enter(step, "LAMBDA_INITIATED");
    },
  };
}
