import { Unreachable } from "../errors.ts";
import type { CheckOut, CheckOutRequest, HeldPermits } from "../permits/check-out.ts";
import type { LeftWish } from "../permits/leave-wish.ts";
import type { Lane } from "../provider/lane.ts";
import type { Provider } from "../provider/provider.ts";
import { accessAt } from "../steering/windows/access.ts";
import type { Task } from "./batch.ts";
import { type BatchTimes, workTimesOf } from "./batch-times.ts";
import type { VentilatorDeps } from "./deps.ts";
import { createTryProbe, type ProbeEntry, type TryProbe } from "./enter-probe.ts";
import { type ShutGate, shutGate } from "./reopening.ts";

/** The end of a batch's wait: permits for all of its records, or for one that is the probe; else the reason why not. */
export type Entry = Grant | ({ readonly kind: "probe" } & ProbeEntry & Timed) | NoEntry;

/** Permits in hand, and the times of the work with them. */
export type Grant = { readonly kind: "granted"; readonly permits: HeldPermits } & Timed;

interface Timed {
  readonly times: BatchTimes;
}

/** The reason for which a batch found no permit. */
export type NoEntry = Full | ShutGate;

/** No permit was free. */
export type Full = Extract<CheckOut, { readonly kind: "full" }>;

/** The permits that a batch asks for. */
export interface Need {
  readonly wanted: number;
  /** The lane of its records. */
  readonly lane: Lane;
}

/**
 * A batch waits at least this long for a permit, and two timeouts of a call. Two lanes always have more batches than
 * permits, because a mapping's maximum can't be below two: what bounces costs a receive and an invocation, and with long
 * calls bounces again.
 */
const PERMIT_WAIT_MIN_MS = 20_000;
/**
 * The time for the work begins with the permits, and is reckoned anew while a batch waits for them, as seldom as this: a
 * take that the table carries out late adds the lease that the batch has by then, rather than one that nobody returns.
 */
const WORK_RECKONED_EVERY_MS = 10_000;
const FIRST_PAUSE_MS = 100;
/** Longest pause. Hundreds of batches may wait at once: shorter pauses would make the permits' items hot. */
const PAUSE_MAX_MS = 1_600;
/**
 * The same for records that a user waits for, and for a batch for which a permit is kept: it is idle until then. There are
 * few of them at once, so that the items stay cool.
 */
const URGENT_PAUSE_MAX_MS = 100;
/** Those two are as many times longer for a batch that has waited for 20 s: then calls are long. */
const LONG_WAIT_FACTOR = 3;
/** Pause of a batch at a gate whose probe is under way, or is due and could not be had. */
const PROBING_PAUSE_MS = 2_000;
/** Longest pause at a shut gate. */
const GATE_PAUSE_MAX_MS = 5_000;
/** Spread of the batches that wait for the same instant. */
const GATE_JITTER_MS = 500;

/**
 * Checks out permits for a batch. While all are out it asks again for as long as two calls may last. At a shut gate it waits as long
 * as a call started then would still fit, because a message that is handed back only goes round; while the breaker is
 * open it makes the probe if nobody was quicker.
 * @throws Unreachable if the store could not be reached the last time either
 */
export async function enter(
  tasks: readonly Task[],
  { wanted, lane }: Need,
  times: BatchTimes,
  deps: VentilatorDeps,
): Promise<Entry> {
  const { clock, ids, provider } = deps;
  const { takeUpUntilMs } = times;
  const holderId = ids.next();
  const work = createWorkTimes(times, deps);
  const tryProbe = createTryProbe(tasks, holderId, times, deps);
  let fullPauseMs = FIRST_PAUSE_MS;
  let fullSinceMs: number | undefined;
  let left: LeftWish | undefined;
  for (let isRepeated = false; ; isRepeated = true) {
    const asked = { wanted, holderId, lane, isRepeated, ...(left && { left }) };
    const { entry, unreachable } = await askOrProbe(asked, work(), tryProbe, deps);
    if (entry.kind === "granted" || entry.kind === "probe") return entry;
    const nowMs = clock.nowMs();
    if (entry.kind === "shut") {
      const pauseMs = gatePauseMs(entry, deps);
      await clock.sleep(Math.max(0, Math.min(pauseMs, takeUpUntilMs - nowMs)));
      if (nowMs + pauseMs >= takeUpUntilMs) return entry;
      fullSinceMs = undefined;
      continue;
    }
    if (unreachable === undefined) left = entry.left;
    fullSinceMs ??= nowMs;
    const fullUntilMs = fullSinceMs + permitWaitMs(provider);
    if (nowMs + fullPauseMs >= Math.min(fullUntilMs, takeUpUntilMs)) {
      if (left !== undefined) await deps.permits.withdraw(left);
      if (unreachable !== undefined) throw unreachable;
      return entry;
    }
    await clock.sleep(fullPauseNowMs(entry, fullPauseMs, deps));
    const isUrgent = lane === "express" || left !== undefined;
    fullPauseMs = Math.min(fullPauseMaxMs(isUrgent, entry, nowMs - fullSinceMs), fullPauseMs * 2);
  }
}

/** Longest time for which a batch asks for permits while all are out. */
export function permitWaitMs({ timeoutMs }: Pick<Provider, "timeoutMs">): number {
  return Math.max(PERMIT_WAIT_MIN_MS, 2 * timeoutMs);
}

/** The gate while the provider is closed, which needs no reading; else undefined. */
function closedGate({ provider, clock }: VentilatorDeps): ShutGate | undefined {
  const access = accessAt(provider, clock.nowMs());
  if (access.kind === "open") return undefined;
  return shutGate(access.opensAtMs);
}

/** The pause of a batch that has found no permit, spread, and not beyond the end of a pin, in ms. */
function fullPauseNowMs({ pinnedUntilMs }: Full, pauseMs: number, { clock, random }: VentilatorDeps): number {
  const spreadMs = pauseMs * (0.5 + random.next());
  const pinnedForMs = (pinnedUntilMs ?? 0) - clock.nowMs();
  return pinnedForMs <= 0 ? spreadMs : Math.min(spreadMs, pinnedForMs + GATE_JITTER_MS * random.next());
}

/** Longest pause of a batch that has waited for a permit for so long, in ms. An operator may resume a pin at any time. */
export function fullPauseMaxMs(isUrgent: boolean, { pinnedUntilMs }: Full, waitedMs: number): number {
  const pauseMaxMs = isUrgent ? URGENT_PAUSE_MAX_MS : PAUSE_MAX_MS;
  const isLongWait = waitedMs > PERMIT_WAIT_MIN_MS && pinnedUntilMs === undefined;
  return isLongWait ? LONG_WAIT_FACTOR * pauseMaxMs : pauseMaxMs;
}

/** Makes the times of work that begins now, by a reckoning that is up to ten seconds old. */
export function createWorkTimes(times: BatchTimes, { clock, provider }: VentilatorDeps): () => BatchTimes {
  let reckonedAtMs = clock.nowMs();
  let work = workTimesOf(provider, times, reckonedAtMs);
  return () => {
    const nowMs = clock.nowMs();
    if (nowMs - reckonedAtMs >= WORK_RECKONED_EVERY_MS) {
      reckonedAtMs = nowMs;
      work = workTimesOf(provider, times, nowMs);
    }
    return work;
  };
}

/** A request of a batch. */
type Asked = Pick<CheckOutRequest, "wanted" | "holderId" | "isRepeated" | "left"> & { readonly lane: Lane };

/** The answer to a request. A store that is `unreachable` is taken for one without a free permit: a bounce would not relieve it. */
interface Answer<T> {
  readonly entry: T;
  readonly unreachable?: Unreachable;
}

/** Asks once, and makes the probe if one is due. */
async function askOrProbe(
  asked: Asked,
  times: BatchTimes,
  tryProbe: TryProbe,
  deps: VentilatorDeps,
): Promise<Answer<Entry>> {
  const answer = await askForPermits(asked, times, deps);
  const { entry } = answer;
  if (entry.kind !== "shut" || entry.reason === "held") return answer;
  return orUnreachable(async () => {
    const probe = await tryProbe(entry, times.permitsUntilMs);
    return probe === undefined ? entry : { kind: "probe", ...probe, times };
  });
}

/** Asks once for permits: not at all while the provider is closed, or its quotas are used up. */
export async function askForPermits(
  asked: Asked,
  times: BatchTimes,
  deps: VentilatorDeps,
): Promise<Answer<Grant | NoEntry>> {
  const { permits, clock, quotas } = deps;
  const closed = closedGate(deps);
  if (closed !== undefined) return { entry: closed };
  const shutUntilMs = quotas?.shutUntilMs(asked.lane) ?? 0;
  if (shutUntilMs > clock.nowMs()) return { entry: shutGate(shutUntilMs) };
  return orUnreachable(async () => {
    const request = { ...asked, leaseUntilMs: times.permitsUntilMs, nowMs: clock.nowMs() };
    const checkOut: CheckOut = await permits.checkOut(request);
    return checkOut.kind === "granted" ? { ...checkOut, times } : checkOut;
  });
}

async function orUnreachable<T>(
  asking: () => Promise<T>,
): Promise<Answer<T | Extract<NoEntry, { kind: "full" }>>> {
  try {
    return { entry: await asking() };
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
