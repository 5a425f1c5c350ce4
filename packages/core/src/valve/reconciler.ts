import { messageOf } from "../errors.ts";
import type { ControlState } from "../law/control.ts";
import type { BreakerStore } from "../ports/breaker-store.ts";
import type { Clock } from "../ports/clock.ts";
import type { EventStore } from "../ports/event-store.ts";
import type { Ids } from "../ports/ids.ts";
import type { Log } from "../ports/log.ts";
import type { Valve, ValveReading, ValveSettings } from "../ports/valve.ts";
import type { Provider } from "../provider/provider.ts";
import { isWorthTurning } from "./is-worth-turning.ts";
import { type MappingShape, mappingShapeOf } from "./mapping-shape.ts";
import { parseValveNotes, type ValveNotes } from "./valve-notes.ts";

/** Makes the mappings what the breaker wants them to be, whatever has happened to them. */
export interface Reconciler {
  /** Turns what differs. Never throws: what can't be done now is done by the next call. */
  reconcile(control: ControlState, options: ReconcileOptions): Promise<void>;
}

/** How to reconcile. */
export interface ReconcileOptions {
  /** Until when the provider has asked to be left alone; 0 if it hasn't. */
  readonly heldUntilMs: number;
  /** Whether to ask AWS how the mappings really are, instead of trusting what was last done to them. */
  readonly isThorough?: boolean;
}

/** The mappings of a provider. */
export type ValveName = "records" | "express";

/** What a reconciler works with. */
export interface ReconcilerDeps {
  readonly provider: Provider;
  readonly valves: Readonly<Record<ValveName, Valve>>;
  readonly store: BreakerStore;
  readonly events: EventStore;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** How a limit becomes settings; by default {@link mappingShapeOf}. */
  readonly shape?: (provider: Provider, control: ControlState) => MappingShape;
}

/** A hold that lasts longer than this shuts the valve as well: until then it is not worth two updates. */
const LONG_HOLD_MS = 3 * 60_000;
/** The valve is opened this long before a hold ends, because an update takes its time. */
const OPENING_MS = 45_000;
/** Longer than an update takes, whose client gives up after seconds. */
const LEASE_MS = 30_000;

/** A process that carries out a decision is late by seconds; a wish of an earlier epoch after this is no latecomer. */
const LATE_WISH_MS = 60_000;

/** What a mapping runs at most whose maximum someone has cleared. */
const UNCAPPED_CONCURRENCY = 1_000;

/** Makes a reconciler. Several may work on the same mappings: one at a time turns each. */
export function createReconciler(deps: ReconcilerDeps): Reconciler {
  const { provider, valves, store, clock, log, shape = mappingShapeOf } = deps;

  async function reconcile(
    control: ControlState,
    { heldUntilMs, isThorough = false }: ReconcileOptions,
  ): Promise<void> {
    const shaped = shape(provider, control);
    await Promise.all(
      (["records", "express"] as const).map(async (name) => {
        const desired = { settings: shaped[name], epoch: control.epoch, heldUntilMs };
        try {
          await reconcileOne(name, desired, isThorough);
        } catch (thrown) {
          const cause = messageOf(thrown);
          log.warn("a valve could not be turned yet", { valve: name, wanted: desired.settings, cause });
        }
      }),
    );
  }

  async function reconcileOne(name: ValveName, desired: DesiredSettings, isThorough: boolean): Promise<void> {
    const stored = await store.readValve(name);
    const version = stored?.version ?? 0;
    const nowMs = clock.nowMs();
    const { lease, ...known } = stored === undefined ? {} : parseValveNotes(stored.notes);
    if (lease !== undefined && lease.untilMs > nowMs) return;
    if (isOvertaken(desired, known, nowMs)) return;
    const wanted = settingsWhileHeld(desired, known, nowMs);
    const notes = withWish(known, wanted, nowMs, known.applied?.settings);
    if (isThorough || isDue(wanted, notes, nowMs)) {
      await compare(name, { wanted, epoch: desired.epoch, known, notes, version });
    } else {
      await keep(name, known, notes, version);
    }
  }

  /** Reads the mapping and turns it if need be. Whoever turned it since the notes were read makes the lease fail. */
  async function compare(name: ValveName, pending: Pending): Promise<void> {
    const { wanted, known, version } = pending;
    const reading = await valves[name].read();
    if (reading === undefined) {
      log.error("there is no event source mapping to turn, deploy the provider again", { valve: name });
    }
    const inForce = reading && settledSettings(reading);
    if (reading === undefined || inForce === undefined) return keep(name, known, pending.notes, version);
    const nowMs = clock.nowMs();
    const notes = withApplied(withWish(pending.notes, wanted, nowMs, inForce), inForce, nowMs);
    if (!isDue(wanted, notes, nowMs)) return keep(name, known, notes, version);
    const lease = { holderId: deps.ids.next(), untilMs: nowMs + LEASE_MS };
    if ((await store.commitValve(name, { ...notes, lease }, version)) === "conflict") return;
    let after = notes;
    try {
      after = await turn(name, { ...pending, notes }, reading, inForce);
    } finally {
      await store.commitValve(name, after, version + 1);
    }
  }

  /** Answers with the notes that follow. */
  async function turn(
    name: ValveName,
    { wanted, epoch, notes }: Pending,
    { reason }: ValveReading,
    inForce: ValveSettings,
  ): Promise<ValveNotes> {
    const { kind } = await valves[name].update(wanted);
    const atMs = clock.nowMs();
    const summary = `${name}: ${describe(inForce)} → ${describe(wanted)}`;
    log.info(`valve update ${kind}`, { valve: name, summary, reason });
    if (kind !== "accepted") return notes;
    const details = { valve: name, before: inForce, after: wanted, reason };
    await noteEvent({ id: deps.ids.next(), atMs, kind: "valve", summary, details });
    const { wantedSinceMs: _, ...rest } = notes;
    return { ...rest, applied: { settings: wanted, atMs }, turnedAtMs: atMs, epoch };
  }

  /** Stores notes that say something new. */
  async function keep(name: ValveName, known: ValveNotes, notes: ValveNotes, version: number): Promise<void> {
    const isKnown = known.applied === notes.applied && known.wantedSinceMs === notes.wantedSinceMs;
    if (!isKnown) await store.commitValve(name, notes, version);
  }

  async function noteEvent(event: Parameters<EventStore["append"]>[0]): Promise<void> {
    try {
      await deps.events.append(event);
    } catch (thrown) {
      log.warn("an event could not be stored", { summary: event.summary, cause: messageOf(thrown) });
    }
  }

  return { reconcile };
}

/** What the breaker wants of a valve. */
interface DesiredSettings {
  readonly settings: ValveSettings;
  readonly epoch: number;
  readonly heldUntilMs: number;
}

/** A wish, and the notes that it was compared with. */
interface Pending {
  readonly wanted: ValveSettings;
  readonly epoch: number;
  /** As they are stored. */
  readonly known: ValveNotes;
  readonly notes: ValveNotes;
  readonly version: number;
}

/** Who decided later may have been quicker here. */
function isOvertaken(
  { epoch }: DesiredSettings,
  { epoch: turnedFor = 0, turnedAtMs = 0 }: ValveNotes,
  nowMs: number,
) {
  return turnedFor > epoch && nowMs - turnedAtMs < LATE_WISH_MS;
}

/** A valve that is shut stays so until a hold is nearly over; one that is open is shut by a long hold only. */
function settingsWhileHeld(
  { settings, heldUntilMs }: DesiredSettings,
  { applied }: ValveNotes,
  nowMs: number,
): ValveSettings {
  const isShut = applied?.settings.isEnabled === false;
  const isHeld = heldUntilMs - nowMs > (isShut ? OPENING_MS : LONG_HOLD_MS);
  return isHeld ? { ...settings, isEnabled: false } : settings;
}

function isDue(wanted: ValveSettings, notes: ValveNotes, nowMs: number): boolean {
  const { applied } = notes;
  return applied === undefined || isWorthTurning(applied.settings, wanted, notes, nowMs);
}

/** Notes since when the wanted settings differ from those in force. */
function withWish(
  notes: ValveNotes,
  wanted: ValveSettings,
  nowMs: number,
  inForce: ValveSettings | undefined,
): ValveNotes {
  const { wantedSinceMs = nowMs, ...rest } = notes;
  return inForce !== undefined && isSame(inForce, wanted) ? rest : { ...rest, wantedSinceMs };
}

function withApplied(notes: ValveNotes, settings: ValveSettings, atMs: number): ValveNotes {
  const isKnown = notes.applied !== undefined && isSame(notes.applied.settings, settings);
  return isKnown ? notes : { ...notes, applied: { settings, atMs } };
}

/** What is in force; undefined while AWS is still applying something, because an update would be refused. */
function settledSettings({ state, settings }: ValveReading): ValveSettings | undefined {
  if (state !== "enabled" && state !== "disabled") return undefined;
  const { batchSize, maximumConcurrency = UNCAPPED_CONCURRENCY } = settings;
  return { isEnabled: state === "enabled", batchSize, maximumConcurrency };
}

function isSame(one: ValveSettings, other: ValveSettings): boolean {
  return (
    one.isEnabled === other.isEnabled &&
    one.batchSize === other.batchSize &&
    one.maximumConcurrency === other.maximumConcurrency
  );
}

function describe({ isEnabled, batchSize, maximumConcurrency }: ValveSettings): string {
  return isEnabled ? `${maximumConcurrency} × batches of ${batchSize}` : "shut";
}
