import type { ControlState } from "../law/control.ts";
import type { StoredValve } from "../ports/breaker-store.ts";
import type { ValveReading, ValveSettings } from "../ports/valve.ts";
import type { Lane } from "../provider/lane.ts";
import type { Provider } from "../provider/provider.ts";
import { settingsWhileHeld } from "./desired-settings.ts";
import { isWorthTurning } from "./is-worth-turning.ts";
import { mappingShapeOf } from "./mapping-shape.ts";
import { settledSettings } from "./settled.ts";
import { parseValveNotes } from "./valve-notes.ts";

/** A mapping beside the settings that it should have. */
export type Drift =
  | { readonly kind: "none"; readonly inForce: ValveSettings }
  /** AWS is applying a change. */
  | { readonly kind: "changing" }
  | {
      readonly kind: "drifted";
      readonly inForce: ValveSettings;
      readonly wanted: ValveSettings;
      /** The instant from which others are wanted, as the notes on the valve have it; absent if they know of none. */
      readonly sinceMs?: number;
    };

/** Everything that a lane's mapping should follow. */
export interface DriftDeps {
  readonly provider: Provider;
  readonly control: ControlState;
  /** The end of the provider's Retry-After; 0 if none is in force. */
  readonly heldUntilMs: number;
  /** The end of what contract and operators hold it for; 0 if they don't. */
  readonly plannedUntilMs: number;
  /** The notes on the valve; undefined if there are none yet. */
  readonly stored: StoredValve | undefined;
}

/** Compares a mapping with the settings that its reconciler would give it. @throws StoredRowInvalid */
export function driftOf(lane: Lane, reading: ValveReading, deps: DriftDeps, nowMs: number): Drift {
  const { provider, control, heldUntilMs, plannedUntilMs, stored } = deps;
  const inForce = settledSettings(reading);
  if (inForce === undefined) return { kind: "changing" };
  const notes = stored === undefined ? {} : parseValveNotes(stored.notes);
  const settings = mappingShapeOf(provider, control).settings[lane];
  const desired = { settings, epoch: control.epoch, heldUntilMs, plannedUntilMs };
  const wanted = settingsWhileHeld(desired, notes, nowMs);
  if (!isWorthTurning(inForce, wanted, notes, nowMs)) return { kind: "none", inForce };
  const sinceMs = notes.wantedSinceMs;
  return { kind: "drifted", inForce, wanted, ...(sinceMs !== undefined && { sinceMs }) };
}
