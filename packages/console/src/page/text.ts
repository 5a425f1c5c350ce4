import type { Lane } from "@sluice/core/provider";

const COUNT = new Intl.NumberFormat("en");
const SHORT = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

/** A whole number, with thousands apart. */
export function countText(count: number): string {
  return COUNT.format(Math.round(count));
}

/** A number in few characters. */
export function shortText(count: number): string {
  return SHORT.format(count);
}

/** A length of time, in its two largest units. */
export function spanText(durationMs: number): string {
  const seconds = Math.round(Math.abs(durationMs) / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} days ${hours % 24} h`;
}

/** Further than any clock: an end that never comes. */
const NEVER_MS = Date.UTC(9000, 0);

/** An instant in the reader's zone, with its day unless that is today. */
export function instantText(atMs: number, timeZone?: string): string {
  if (atMs >= NEVER_MS) return "for ever";
  const { day, time } = formatsOf(timeZone);
  const onDay = day.format(atMs);
  const atTime = time.format(atMs);
  return onDay === day.format(Date.now()) ? atTime : `${onDay} ${atTime}`;
}

/** Month and day, and hour and minute, in the reader's zone: an axis has little room. */
export function dayAndTime(atMs: number): { readonly day: string; readonly time: string } {
  const { day, time } = formatsOf(undefined);
  return { day: day.format(atMs).slice("2026-".length), time: time.format(atMs).slice(0, "18:00".length) };
}

/** The lane as people call it: that of the bulk is named after its queue. */
export function laneText(lane: Lane): string {
  return lane === "records" ? "bulk" : lane;
}

interface Formats {
  readonly day: Intl.DateTimeFormat;
  readonly time: Intl.DateTimeFormat;
}

/** Formats by zone. A format made for each row holds the page up when it is swept away. */
const formats = new Map<string | undefined, Formats>();

function formatsOf(timeZone: string | undefined): Formats {
  const zone = timeZone === undefined ? {} : { timeZone };
  const known = formats.get(timeZone) ?? {
    day: new Intl.DateTimeFormat("sv-SE", { ...zone, dateStyle: "short" }),
    time: new Intl.DateTimeFormat("sv-SE", { ...zone, timeStyle: "medium" }),
  };
  formats.set(timeZone, known);
  return known;
}

/** The time until an instant, or since. */
export function untilText(atMs: number, nowMs: number = Date.now()): string {
  if (atMs >= NEVER_MS) return "without an end";
  return atMs >= nowMs ? `in ${spanText(atMs - nowMs)}` : `${spanText(nowMs - atMs)} ago`;
}

/** A latency. */
export function latencyText(latencyMs: number): string {
  return latencyMs < 1_000 ? `${Math.round(latencyMs)} ms` : `${(latencyMs / 1_000).toFixed(1)} s`;
}
