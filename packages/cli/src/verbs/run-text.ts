import type { LostRecord } from "@sluice/core/ports";
import type { RunStatus } from "@sluice/core/runs";
import type { Style } from "../output/style.ts";
import { clockText, endText } from "../text/instant.ts";
import { printable } from "../text/printable.ts";
import { spanText } from "../text/span.ts";
import { EXIT } from "./verb.ts";

/** A run's state for people and pipes: a fact a line. */
export function runText(status: RunStatus, { nowMs, timeZone, paint }: Style): string {
  const { runId, state, lane, accepted, counts, open, createdAtMs, deadlineMs, completedAtMs } = status;
  const { ratePerMinute, endsAtMs } = status;
  const facts: readonly (readonly [name: string, text: string])[] = [
    ["run", printable(runId)],
    ["state", state],
    ["lane", lane],
    ["created", clockText(createdAtMs, nowMs, timeZone)],
    ["accepted", countText(accepted)],
    ...Object.entries(counts)
      .filter(([, count]) => count > 0)
      .map(([end, count]) => [END_WORDS[end] ?? end, countText(count)] as const),
    ["open", countText(open)],
    ...(ratePerMinute === undefined
      ? []
      : [["rate", `${countText(Math.round(ratePerMinute))} a minute`] as const]),
    ...(deadlineMs === undefined ? [] : [["deadline", endText(deadlineMs, nowMs, timeZone)] as const]),
    ...(endsAtMs === undefined
      ? []
      : [
          [
            "ends",
            `${endText(endsAtMs, nowMs, timeZone)}${unsureText(status)}${isTooLate(status) ? paint("red", ", too late") : ""}`,
          ] as const,
        ]),
    ...(completedAtMs === undefined
      ? []
      : [
          [
            "completed",
            `${clockText(completedAtMs, nowMs, timeZone)}, after ${spanText(completedAtMs - createdAtMs)}`,
          ] as const,
        ]),
  ];
  return facts.map(([name, text]) => `${name.padEnd(14)} ${text}\n`).join("");
}

/** True for a run that will not have had its end by its deadline, even if that comes as soon as it may. */
export function isTooLate({
  deadlineMs,
  endsAtMs,
  endUnsureMs = 0,
}: Pick<RunStatus, "deadlineMs" | "endsAtMs" | "endUnsureMs">): boolean {
  return deadlineMs !== undefined && endsAtMs !== undefined && endsAtMs - endUnsureMs > deadlineMs;
}

function unsureText({ endUnsureMs }: Pick<RunStatus, "endUnsureMs">): string {
  return endUnsureMs === undefined ? "" : `, give or take ${spanText(endUnsureMs)}`;
}

const END_WORDS: Readonly<Record<string, string>> = { fetchedBefore: "fetched before" };

/** A run's state in one line, for a progress that goes on. */
export function progressText(status: RunStatus, { nowMs }: Style): string {
  const { accepted, open, counts, ratePerMinute, endsAtMs } = status;
  const ended = accepted - open;
  const dead = counts.dead === 0 ? "" : ` · dead ${countText(counts.dead)}`;
  const rate = ratePerMinute === undefined ? "" : ` · ${countText(Math.round(ratePerMinute))} a minute`;
  const left = endsAtMs === undefined ? "" : `, done in ${spanText(endsAtMs - nowMs)}${unsureText(status)}`;
  return `${countText(ended)} of ${countText(accepted)}${dead}${rate}${left}`;
}

/** A record that was not fetched: its end, id and cause. */
export function lostText({ end, recordId, cause }: LostRecord): string {
  return `${end}\t${printable(recordId)}\t${printable(cause)}\n`;
}

/** The exit code of a run that has had its end: bad news if a record of it was not fetched. */
export function exitCodeOf({ counts }: RunStatus): number {
  return counts.dead + counts.expired + counts.cancelled > 0 ? EXIT.badNews : EXIT.fine;
}

/** A number with its thousands apart. */
export function countText(count: number): string {
  return count.toLocaleString("en");
}
