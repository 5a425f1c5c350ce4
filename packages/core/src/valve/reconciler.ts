import type { Governed } from "../breaker/law.ts";
import { messageOf } from "../errors.ts";
import type { BreakerStore } from "../ports/breaker-store.ts";
import type { Clock } from "../ports/clock.ts";
import type { EventStore } from "../ports/event-store.ts";
import type { Ids } from "../ports/ids.ts";
import type { Log } from "../ports/log.ts";
import type { Valve, ValveReading, ValveSettings } from "../ports/valve.ts";
import type { Provider } from "../provider/provider.ts";
import { isWorthTurning } from "./is-worth-turning.ts";
import { type Shape, shapeOf } from "./shape.ts";
import { parseValveNotes, type ValveNotes } from "./valve-notes.ts";

/** Makes the mappings what the breaker wants them to be, whatever has happened to them. */
export interface Reconciler {
  /** Turns what differs. Never throws: what can't be done now is done by the next call. */
  reconcile(governed: Governed, options: ReconcileOptions): Promise<void>;
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
  /** How a limit becomes settings; by default {@link shapeOf}. */
  readonly shape?: (provider: Provider, governed: Governed) => Shape;
}

/** A hold that lasts longer than this shuts the valve as well: until then it is not worth two updates. */
const LONG_HOLD_MS = 3 * 60_000;
/** The valve is opened this long before a hold ends, because an update takes its time. */
const OPENING_MS = 45_000;
/** Longer than a read and an update take together, whose clients give up after seconds. */
const LEASE_MS = 30_000;

/** What a mapping runs at most whose maximum someone has cleared. */
const UNCAPPED_CONCURRENCY = 1_000;

/** Makes a reconciler. Several may work on the same mappings: one at a time turns each. */
export function createReconciler(deps: ReconcilerDeps): Reconciler {
  const { provider, valves, store, clock, log, shape = shapeOf } = deps;

  async function reconcile(
    governed: Governed,
    { heldUntilMs, isThorough = false }: ReconcileOptions,
  ): Promise<void> {
    const isHeld = heldUntilMs - OPENING_MS > clock.nowMs() && heldUntilMs - clock.nowMs() > LONG_HOLD_MS;
    const wanted = shape(provider, governed);
    await Promise.all(
      (["records", "express"] as const).map(async (name) => {
        const settings = { ...wanted[name], isEnabled: wanted[name].isEnabled && !isHeld };
        try {
          await reconcileOne(name, settings, isThorough);
        } catch (thrown) {
          log.warn("a valve could not be turned yet", {
            valve: name,
            wanted: settings,
            cause: messageOf(thrown),
          });
        }
      }),
    );
  }

  async function reconcileOne(name: ValveName, wanted: ValveSettings, isThorough: boolean): Promise<void> {
    const stored = await store.readValve(name);
    const version = stored?.version ?? 0;
    const nowMs = clock.nowMs();
    const known = stored === undefined ? {} : parseValveNotes(stored.notes);
    if (known.lease !== undefined && known.lease.untilMs > nowMs) return;
    const { applied } = known;
    const notes = withWish(known, wanted, nowMs);
    const isDue = applied === undefined || isWorthTurning(applied.settings, wanted, notes, nowMs);
    if (!isDue && !isThorough) {
      if (notes.wantedSinceMs !== known.wantedSinceMs) await store.commitValve(name, notes, version);
      return;
    }
    const lease = { holderId: deps.ids.next(), untilMs: nowMs + LEASE_MS };
    if ((await store.commitValve(name, { ...notes, lease }, version)) === "conflict") return;
    let after: ValveNotes = notes;
    try {
      after = await turn(name, wanted, notes);
    } finally {
      await store.commitValve(name, after, version + 1);
    }
  }

  /** Reads the mapping and turns it if need be; answers with the notes that follow. */
  async function turn(name: ValveName, wanted: ValveSettings, notes: ValveNotes): Promise<ValveNotes> {
    const reading = await valves[name].read();
    if (reading === undefined) {
      log.error("there is no event source mapping to turn, deploy the provider again", { valve: name });
      return notes;
    }
    const inForce = settledSettings(reading);
    if (inForce === undefined) return notes;
    const nowMs = clock.nowMs();
    if (!isWorthTurning(inForce, wanted, notes, nowMs)) {
      return { ...withWish(notes, wanted, nowMs, inForce), applied: { settings: inForce, atMs: nowMs } };
    }
    const { kind } = await valves[name].update(wanted);
    const summary = `${name}: ${describe(inForce)} → ${describe(wanted)}`;
    log.info(`valve update ${kind}`, { valve: name, summary, reason: reading.reason });
    if (kind !== "accepted") return notes;
    const details = { valve: name, before: inForce, after: wanted, reason: reading.reason };
    await noteEvent({ id: deps.ids.next(), atMs: nowMs, kind: "valve", summary, details });
    const { wantedSinceMs: _, ...rest } = notes;
    return { ...rest, applied: { settings: wanted, atMs: nowMs }, turnedAtMs: nowMs };
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

/** Notes since when the wanted settings differ from those in force. */
function withWish(
  notes: ValveNotes,
  wanted: ValveSettings,
  nowMs: number,
  inForce: ValveSettings | undefined = notes.applied?.settings,
): ValveNotes {
  const { wantedSinceMs = nowMs, ...rest } = notes;
  return inForce !== undefined && isSame(inForce, wanted) ? rest : { ...rest, wantedSinceMs };
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
