import type { Progress, ProviderStatus } from "@sluice/core/operator";
import type { Style } from "../output/style.ts";
import { clockText, endText } from "../text/instant.ts";
import { printable } from "../text/printable.ts";
import { reasonText } from "../text/reason.ts";
import { spanText } from "../text/span.ts";
import { countText } from "./run-text.ts";

/** The state in a word, in its colour. */
export function stateText(status: ProviderStatus, { paint }: Style): string {
  if (status.phase === "open") return paint("red", "open");
  if (status.phase === "half-open") return paint("yellow", "half-open");
  if (status.isWakerSilent) return paint("red", "closed?");
  if (status.reasons.length > 0) return paint("yellow", "waiting");
  return paint("green", "closed");
}

/** The age of the oldest open run, than which no message is older; nothing if none is open. */
export function oldestText({ openRuns: { count, oldestAtMs } }: Progress, { nowMs }: Style): string {
  if (count === 0) return "";
  return oldestAtMs === undefined ? "?" : spanText(nowMs - oldestAtMs);
}

/** The counts of the day; with the time that they are of, if that is not all of it. */
export function todayText({ today }: Progress, { nowMs, timeZone }: Style): string {
  if (today === undefined) return "?";
  const { fetchedCount, newDeadLetterCount, sinceMs, isWhole } = today;
  const dead = newDeadLetterCount === 0 ? "" : `, ${countText(newDeadLetterCount)} dead`;
  const since = isWhole ? "" : ` since ${clockText(sinceMs, nowMs, timeZone)}`;
  return `${countText(fetchedCount)} fetched${dead}${since}`;
}

/** The starts that each quota has left. */
export function quotaText({ quotas }: Progress, { nowMs, timeZone }: Style): string {
  return quotas
    .map((quota) => {
      const left = `${countText(quota.leftCount)} of ${countText(quota.requests)}`;
      if (quota.per !== "day") return `${left} a ${quota.per}`;
      return `${left} until ${clockText(quota.resetsAtMs, nowMs, timeZone)}`;
    })
    .join(", ");
}

/** The end of all that is queued, as far as it can be told. */
export function doneText({ openRuns, endsAtMs }: Progress, { nowMs, timeZone, paint }: Style): string {
  if (endsAtMs === undefined) return "";
  const text = clockText(endsAtMs, nowMs, timeZone);
  const isLate = openRuns.deadlineMs !== undefined && endsAtMs > openRuns.deadlineMs;
  return isLate ? paint("red", `${text}, too late`) : text;
}

/** All reasons to stay shut, orders that shape the limit, what is foretold, and how old what the waker saw is. */
export function whyText(status: ProviderStatus, progress: Progress, style: Style): string {
  const { reasons, orders, seen, atMs, isWakerSilent } = status;
  const { pin, force } = orders;
  const age = seen === undefined ? "never" : `${spanText(atMs - seen.atMs)} ago`;
  return [
    ...reasons.toReversed().map((reason) => reasonText(reason, style)),
    ...(pin === undefined ? [] : [`pinned to ${pin.limit} by ${printable(pin.by)}`]),
    ...(force === undefined ? [] : [`forced to ${force.limit} by ${printable(force.by)}`]),
    ...forecastTexts(progress, style),
    ...(isWakerSilent ? [`the waker was heard of ${age}`] : []),
  ].join("; ");
}

function forecastTexts({ forecast }: Progress, { nowMs, timeZone }: Style): readonly string[] {
  if (forecast?.usedUpAtMs === undefined) return [];
  const { usedUpAtMs, waitingCount } = forecast;
  const waiting = `${countText(waitingCount)} records wait until its reset`;
  if (usedUpAtMs <= nowMs) return waitingCount === 0 ? [] : [waiting];
  return [`the day's quota is used up ${endText(usedUpAtMs, nowMs, timeZone)}, then ${waiting}`];
}
