import type { Opening } from "../ports/history-store.ts";
import type { SeenMapping } from "../valve/reconciler.ts";
import { type MappingSettings, type Outlook, perMinuteThrough } from "./outlook.ts";

/**
 * Time that a change of a mapping takes, and by how much it may be less or more: seconds to a minute were seen, and AWS
 * promises nothing. https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html
 */
export const CHANGE = { usualMs: 30_000, unsureMs: 30_000 };
/** Time to the waker's next round, which turns what can't be turned yet. */
const ROUND_MS = 60_000;
/** A maximum concurrency that is to grow by less is not worth a change at once. */
const WIDER_BY = 1.2;

/** The opening of a mapping as a waker has found it; undefined if none is known, and unless the breaker is closed. */
export function openingOf({ reading, wanted, turned }: SeenMapping, outlook: Outlook): Opening | undefined {
  const { atMs: seenAtMs, phase } = outlook.latest;
  if (reading === undefined || phase !== "closed") return undefined;
  const { state, settings } = reading;
  const isSettled = state === "enabled" || state === "disabled";
  const isShut = state === "disabled";
  const isChanging = state === "updating" || state === "enabling";
  if (wanted.isEnabled && !isChanging && (isShut || isWider(wanted, settings))) {
    const atMs = seenAtMs + CHANGE.usualMs + (isSettled ? 0 : ROUND_MS);
    return openingAt(atMs, isShut ? undefined : settings, wanted, outlook);
  }
  if (turned === undefined || !wanted.isEnabled) return undefined;
  const { atMs, from } = turned;
  const before = from.isEnabled ? from : undefined;
  const soonestMs = isChanging ? seenAtMs + 1 : 0;
  const latestMs = isChanging ? Number.POSITIVE_INFINITY : seenAtMs;
  const changedAtMs = Math.min(latestMs, Math.max(soonestMs, atMs + CHANGE.usualMs));
  return openingAt(changedAtMs, before, wanted, outlook);
}

/**
 * An instant on a clock that goes slower before an opening, by as much as the flow is smaller: on it, the flow is the same
 * before and after.
 */
export function flowClockMs(atMs: number, opening: Opening | undefined): number {
  if (opening === undefined || atMs >= opening.atMs) return atMs;
  return opening.atMs - (opening.atMs - atMs) * opening.part;
}

function isWider(
  wanted: MappingSettings,
  { maximumConcurrency = Number.POSITIVE_INFINITY }: MappingSettings,
) {
  return (wanted.maximumConcurrency ?? 0) >= WIDER_BY * maximumConcurrency;
}

function openingAt(
  atMs: number,
  before: MappingSettings | undefined,
  after: MappingSettings,
  outlook: Outlook,
): Opening | undefined {
  const narrow = before === undefined ? 0 : perMinuteThrough(outlook, before);
  const part = Math.round((1_000 * narrow) / perMinuteThrough(outlook, after)) / 1_000;
  return part < 1 ? { atMs, part } : undefined;
}
