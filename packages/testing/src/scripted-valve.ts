import { Unreachable } from "@sluice/core/errors";
import type { Clock, Valve, ValveReading, ValveSettings, ValveState, ValveUpdate } from "@sluice/core/ports";

/** The end of an update that is not simply accepted. */
export type ValveMishap =
  | Exclude<ValveUpdate["kind"], "accepted">
  /** The update never got there. */
  | "unreachable"
  /** The update was accepted, but the answer was lost. */
  | "lost";

/** {@link Valve} on a mapping that a test manipulates. */
export interface ScriptedValve extends Valve {
  /** Updates that arrived, refused ones included. */
  readonly updates: readonly Partial<ValveSettings>[];
  readonly readCount: number;
  /** The settings in force, or those of the update under way; undefined if there is no mapping. */
  settings(): ValveSettings | undefined;
  /** Gives the next update this end. */
  spoilNext(mishap: ValveMishap): void;
  /** Makes reads find AWS unreachable, or reachable again. */
  hide(isHidden: boolean): void;
  /** Changes settings at once, as an edit by hand does. */
  edit(changes: Partial<ValveSettings>): void;
  /** Clears the maximum concurrency, as an edit by hand may. */
  clearMaximum(): void;
  /** Removes the mapping. */
  remove(): void;
}

/** Makes a mapping that takes `updateMs` for each change, and refuses others meanwhile. */
export function createScriptedValve(
  clock: Pick<Clock, "nowMs">,
  initial: ValveSettings,
  updateMs: number = 20_000,
): ScriptedValve {
  const updates: Partial<ValveSettings>[] = [];
  let current: ValveSettings | undefined = initial;
  let hasMaximum = true;
  let transition: { readonly state: ValveState; readonly untilMs: number } | undefined;
  let mishap: ValveMishap | undefined;
  let isHidden = false;
  let readCount = 0;

  function stateOf({ isEnabled }: ValveSettings): ValveState {
    if (transition !== undefined && transition.untilMs > clock.nowMs()) return transition.state;
    return isEnabled ? "enabled" : "disabled";
  }

  function apply(before: ValveSettings, changes: Partial<ValveSettings>): void {
    const after = { ...before, ...changes };
    const isTurned = after.isEnabled !== before.isEnabled;
    const state = isTurned ? (after.isEnabled ? "enabling" : "disabling") : "updating";
    transition = { state, untilMs: clock.nowMs() + updateMs };
    current = after;
    hasMaximum = true;
  }

  async function update(changes: Partial<ValveSettings>): Promise<ValveUpdate> {
    updates.push(changes);
    const planned = mishap;
    mishap = undefined;
    if (planned === "unreachable") throw new Unreachable("Lambda", "told to fail");
    if (current === undefined) return { kind: "missing" };
    if (planned !== undefined && planned !== "lost") return { kind: planned };
    if (!["enabled", "disabled"].includes(stateOf(current))) return { kind: "busy" };
    apply(current, changes);
    if (planned === "lost") throw new Unreachable("Lambda", "told to lose its answer");
    return { kind: "accepted" };
  }

  async function read(): Promise<ValveReading | undefined> {
    readCount += 1;
    if (isHidden) throw new Unreachable("Lambda", "told to hide");
    if (current === undefined) return undefined;
    const { isEnabled, batchSize, maximumConcurrency } = current;
    const state = stateOf(current);
    const isSettled = state === "enabled" || state === "disabled";
    return {
      state,
      reason: "USER_INITIATED",
      settings: {
        isEnabled: isSettled ? isEnabled : undefined,
        batchSize,
        maximumConcurrency: hasMaximum ? maximumConcurrency : undefined,
      },
    };
  }

  return {
    updates,
    get readCount() {
      return readCount;
    },
    settings: () => current,
    spoilNext: (next) => {
      mishap = next;
    },
    hide: (hidden) => {
      isHidden = hidden;
    },
    edit: (changes) => {
      current = { ...(current ?? initial), ...changes };
      transition = undefined;
    },
    clearMaximum: () => {
      hasMaximum = false;
    },
    remove: () => {
      current = undefined;
    },
    update,
    read,
  };
}
