import { Unreachable } from "../errors.ts";
import type { CheckOut, HeldPermits } from "../permits/check-out.ts";
import type { Task } from "./batch.ts";
import type { BatchTimes } from "./batch-times.ts";
import type { VentilatorDeps } from "./deps.ts";
import { createTryProbe, type ProbeEntry, type TryProbe } from "./enter-probe.ts";
import type { ShutGate } from "./reopening.ts";

/** The end of a batch's wait: permits for all of its records, or for one that is the probe; else the reason why not. */
export type Entry =
  | { readonly kind: "granted"; readonly permits: HeldPermits }
  | ({ readonly kind: "probe" } & ProbeEntry)
  | NoEntry;

/** The reason for which a batch found no permit. */
export type NoEntry = { readonly kind: "full" } | ShutGate;

/** The permits that a batch asks for. */
export interface Wish {
  readonly wanted: number;
  /** Its records are those that a user waits for. */
  readonly isUrgent: boolean;
}

/**
 * A batch waits this long for a permit. Two lanes always have more batches than permits, because a mapping's maximum
 * can't be below two: what bounces costs a receive and an invocation, and with long calls bounces again.
 */
const PERMIT_WAIT_MS = 20_000;
const FIRST_PAUSE_MS = 100;
/** Longest pause. Hundreds of batches may wait at once: shorter pauses would make the permits' items hot. */
const PAUSE_MAX_MS = 1_600;
/**
 * The same for records that a user waits for: a permit that is returned is taken again within a tenth of a second, by a
 * batch that comes at that moment. Their lane has few batches at once, so that the items stay cool.
 */
const URGENT_PAUSE_MAX_MS = 100;
/** Pause of a batch at a gate whose probe is under way, or is due and could not be had. */
const PROBING_PAUSE_MS = 2_000;
/** Longest pause at a shut gate. */
const GATE_PAUSE_MAX_MS = 5_000;
/** Spread of the batches that wait for the same instant. */
const GATE_JITTER_MS = 500;

/**
 * Checks out permits for a batch. While all are out it asks again for twenty seconds. At a shut gate it waits as long
 * as a call started then would still fit, because a message that is handed back only goes round; while the breaker is
 * open it makes the probe if nobody was quicker.
 * @throws Unreachable if the store could not be reached the last time either
 */
export async function enter(
  tasks: readonly Task[],
  { wanted, isUrgent }: Wish,
  times: BatchTimes,
  deps: VentilatorDeps,
): Promise<Entry> {
  const { clock, ids } = deps;
  const { takeUpUntilMs, permitsUntilMs: leaseUntilMs } = times;
  const holderId = ids.next();
  const tryProbe = createTryProbe(tasks, holderId, times, deps);
  let fullPauseMs = FIRST_PAUSE_MS;
  let fullUntilMs: number | undefined;
  for (let isRepeated = false; ; isRepeated = true) {
    const request = { wanted, leaseUntilMs, holderId, isRepeated, nowMs: clock.nowMs() };
    const { entry, unreachable } = await ask(request, tryProbe, deps);
    if (entry.kind === "granted" || entry.kind === "probe") return entry;
    const nowMs = clock.nowMs();
    if (entry.kind === "shut") {
      const pauseMs = gatePauseMs(entry, deps);
      await clock.sleep(Math.max(0, Math.min(pauseMs, takeUpUntilMs - nowMs)));
      if (nowMs + pauseMs >= takeUpUntilMs) return entry;
      fullUntilMs = undefined;
      continue;
    }
    fullUntilMs ??= Math.min(nowMs + PERMIT_WAIT_MS, takeUpUntilMs);
    if (nowMs + fullPauseMs >= fullUntilMs) {
      if (unreachable !== undefined) throw unreachable;
      return entry;
    }
    await clock.sleep(fullPauseMs * (0.5 + deps.random.next()));
    fullPauseMs = Math.min(isUrgent ? URGENT_PAUSE_MAX_MS : PAUSE_MAX_MS, fullPauseMs * 2);
  }
}

/** Asks once. A store that is unreachable is taken for one without a free permit: a bounce would not relieve it. */
async function ask(
  request: Parameters<VentilatorDeps["permits"]["checkOut"]>[0],
  tryProbe: TryProbe,
  { permits }: VentilatorDeps,
): Promise<{ readonly entry: Entry; readonly unreachable?: Unreachable }> {
  try {
    const checkOut: CheckOut = await permits.checkOut(request);
    if (checkOut.kind !== "shut" || checkOut.reason === "held") return { entry: checkOut };
    const probe = await tryProbe(checkOut);
    return { entry: probe === undefined ? checkOut : { kind: "probe", ...probe } };
  } catch (thrown) {
    if (!(thrown instanceof Unreachable)) throw thrown;
    return { entry: { kind: "full" }, unreachable: thrown };
  }
}

/** Time until a batch looks at a shut gate again, in ms: rarely, and when it is to reopen. */
function gatePauseMs({ reason, reopensAtMs }: ShutGate, { clock, random }: VentilatorDeps): number {
  const jitterMs = GATE_JITTER_MS * random.next();
  if (reason === "probing") return PROBING_PAUSE_MS + jitterMs;
  if (reopensAtMs === undefined) return GATE_PAUSE_MAX_MS + jitterMs;
  const leftMs = reopensAtMs - clock.nowMs();
  return leftMs <= 0 ? PROBING_PAUSE_MS + jitterMs : Math.min(GATE_PAUSE_MAX_MS, leftMs) + jitterMs;
}
