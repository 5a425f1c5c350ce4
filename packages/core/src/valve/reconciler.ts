import { messageOf } from "../errors.ts";
import type { ControlState } from "../law/control.ts";
import type { BreakerStore } from "../ports/breaker-store.ts";
import type { Clock } from "../ports/clock.ts";
import type { EventStore } from "../ports/event-store.ts";
import type { Ids } from "../ports/ids.ts";
import type { Log } from "../ports/log.ts";
import type { Valve, ValveReading, ValveSettings } from "../ports/valve.ts";
import { type ByLane, LANES, type Lane } from "../provider/lane.ts";
import type { Provider } from "../provider/provider.ts";
import { type DesiredSettings, isOutdated, settingsWhileHeld } from "./desired-settings.ts";
import { isWorthTurning } from "./is-worth-turning.ts";
import { type MappingShape, mappingShapeOf } from "./mapping-shape.ts";
import { settingsText, settledSettings } from "./settled.ts";
import {
  parseValveNotes,
  type ValveNotes,
  withApplied,
  withQuotaHold,
  withTurned,
  withWanted,
} from "./valve-notes.ts";

/** Makes the mappings as the breaker wants them, whatever else has changed them. */
export interface Reconciler {
  /** Turns the valves that differ. Never throws: what can't be done now is done by the next call. */
  reconcile(control: ControlState, options: ReconcileOptions): Promise<void>;
  /** A lane's mapping as the last thorough call found it, before it was turned; undefined if it could not look. */
  seen(lane: Lane): SeenMapping | undefined;
}

/** A mapping, and the settings that were wanted of it. */
export interface SeenMapping {
  /** Undefined if there is no mapping. */
  readonly reading: ValveReading | undefined;
  readonly wanted: ValveSettings;
  /** The last change on purpose, before this reading; absent before the first one. */
  readonly turned?: { readonly atMs: number; readonly from: ValveSettings };
}

/** Circumstances of a reconciliation. */
export interface ReconcileOptions {
  /** The end of the hold on the gate; 0 if there never was one. */
  readonly heldUntilMs: number;
  /** The end of what contract and operators hold it for; left out: they don't. */
  readonly plannedUntilMs?: number;
  /** The end of each lane's wait for a quota; left out: as it was told last. */
  readonly quotaHeldUntilMs?: ByLane<number>;
  /** The mappings are read from AWS; the notes of the last update are not trusted. */
  readonly isThorough?: boolean;
}

/** A reconciler that leaves the mappings alone: a developer who is attached has them. */
export const idleReconciler: Reconciler = {
  reconcile: async () => {},
  seen: () => undefined,
};

/** The parts that a reconciler works with. */
export interface ReconcilerDeps {
  readonly provider: Provider;
  readonly valves: ByLane<Valve>;
  readonly store: BreakerStore;
  readonly events: EventStore;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** The settings that follow from the control; by default {@link mappingShapeOf}. */
  readonly shape?: (provider: Provider, control: ControlState) => MappingShape;
}

/** Lease on turning a valve: longer than an update takes, whose client gives up after seconds. */
const LEASE_MS = 30_000;

/** Makes a reconciler. Several may work on the same mappings: one at a time turns each. */
export function createReconciler(deps: ReconcilerDeps): Reconciler {
  const { provider, log, shape = mappingShapeOf } = deps;
  const seen = new Map<Lane, SeenMapping>();

  async function reconcile(control: ControlState, options: ReconcileOptions): Promise<void> {
    const { heldUntilMs, plannedUntilMs = 0, quotaHeldUntilMs, isThorough = false } = options;
    const { settings } = shape(provider, control);
    if (isThorough) seen.clear();
    await Promise.all(
      LANES.map(async (lane) => {
        const held = {
          heldUntilMs,
          plannedUntilMs,
          ...(quotaHeldUntilMs && { quotaHeldUntilMs: quotaHeldUntilMs[lane] }),
        };
        const desired = { settings: settings[lane], epoch: control.epoch, ...held };
        try {
          await reconcileLane({ ...deps, seen }, lane, desired, isThorough);
        } catch (thrown) {
          const cause = messageOf(thrown);
          log.warn("a valve could not be turned yet", { valve: lane, wanted: desired.settings, cause });
        }
      }),
    );
  }

  return { reconcile, seen: (lane) => seen.get(lane) };
}

/** The parts, and the memory of what was read. */
interface Parts extends ReconcilerDeps {
  readonly seen: Map<Lane, SeenMapping>;
}

/** Settings that are wanted now, and the notes that they were compared with. */
interface Pending {
  readonly lane: Lane;
  readonly wanted: ValveSettings;
  readonly epoch: number;
  /** The notes as they are stored. */
  readonly known: ValveNotes;
  readonly notes: ValveNotes;
  readonly version: number;
}

async function reconcileLane(
  deps: Parts,
  lane: Lane,
  desired: DesiredSettings,
  isThorough: boolean,
): Promise<void> {
  const stored = await deps.store.readValve(lane);
  const version = stored?.version ?? 0;
  const nowMs = deps.clock.nowMs();
  const { lease, ...known } = stored === undefined ? {} : parseValveNotes(stored.notes);
  if (lease !== undefined && lease.untilMs > nowMs) return;
  if (isOutdated(desired, known, nowMs)) return;
  const told = withQuotaHold(known, desired.quotaHeldUntilMs, nowMs);
  const wanted = settingsWhileHeld(desired, told, nowMs);
  const notes = withWanted(told, wanted, nowMs, known.applied?.settings);
  const pending = { lane, wanted, epoch: desired.epoch, known, notes, version };
  await (isThorough || isDue(wanted, notes, nowMs) ? compare(deps, pending) : keep(deps, pending));
}

/** Reads the mapping and turns it if need be. The lease fails if another process turned it meanwhile. */
async function compare(deps: Parts, pending: Pending): Promise<void> {
  const { lane, wanted, version } = pending;
  const { valves, store, clock, ids, log } = deps;
  const reading = await valves[lane].read();
  deps.seen.set(lane, { reading, wanted, ...turnedIn(pending.notes) });
  if (reading === undefined) {
    log.error("there is no event source mapping to turn, deploy the provider again", { valve: lane });
  }
  const inForce = reading && settledSettings(reading);
  if (reading === undefined || inForce === undefined) return keep(deps, pending);
  const nowMs = clock.nowMs();
  const notes = withApplied(withWanted(pending.notes, wanted, nowMs, inForce), inForce, nowMs);
  if (!isDue(wanted, notes, nowMs)) return keep(deps, { ...pending, notes });
  const lease = { holderId: ids.next(), untilMs: nowMs + LEASE_MS };
  if ((await store.commitValve(lane, { ...notes, lease }, version)) === "conflict") return;
  let after = notes;
  try {
    after = await turn(deps, { ...pending, notes }, reading, inForce);
  } finally {
    await store.commitValve(lane, after, version + 1);
  }
}

/** Updates the mapping; answers with the notes that follow. */
async function turn(
  deps: ReconcilerDeps,
  { lane, wanted, epoch, notes }: Pending,
  { reason }: ValveReading,
  inForce: ValveSettings,
): Promise<ValveNotes> {
  const { kind } = await deps.valves[lane].update(wanted);
  const atMs = deps.clock.nowMs();
  const summary = `${lane}: ${settingsText(inForce)} → ${settingsText(wanted)}`;
  deps.log.info(`valve update ${kind}`, { valve: lane, summary, reason });
  if (kind !== "accepted") return notes;
  const details = { valve: lane, before: inForce, after: wanted, reason };
  try {
    await deps.events.append({ id: deps.ids.next(), atMs, kind: "valve", summary, details });
  } catch (thrown) {
    deps.log.warn("an event could not be stored", { summary, cause: messageOf(thrown) });
  }
  return withTurned(notes, { from: inForce, to: wanted }, epoch, atMs);
}

function turnedIn({ turnedAtMs, turnedFrom }: ValveNotes): Pick<SeenMapping, "turned"> {
  return turnedAtMs && turnedFrom ? { turned: { atMs: turnedAtMs, from: turnedFrom } } : {};
}

/** Stores notes that say something new. */
async function keep({ store }: ReconcilerDeps, { lane, known, notes, version }: Pending): Promise<void> {
  const isKnown =
    known.applied === notes.applied &&
    known.wantedSinceMs === notes.wantedSinceMs &&
    known.quotaHeldUntilMs === notes.quotaHeldUntilMs;
  if (!isKnown) await store.commitValve(lane, notes, version);
}

function isDue(wanted: ValveSettings, notes: ValveNotes, nowMs: number): boolean {
  const { applied } = notes;
  return applied === undefined || isWorthTurning(applied.settings, wanted, notes, nowMs);
}
