import type { DatedEvent } from "./day-event.ts";
import type { Violation } from "./rules/rule.ts";
import type { Fault, Spell, Story } from "./story.ts";

/** A story and what came of it, line by line, for a person to read. */
export function storyInWords({ contract, nature, load, skewMs, startsAt }: Story): readonly string[] {
  const { maxConcurrency, latency, timeoutMs, timeZone = "UTC", maxAttempts = 5 } = contract;
  const extras = [
    nature.overload === "reject" ? "" : `overload: ${nature.overload}`,
    nature.retryAfterSeconds === null ? "" : `Retry-After ${nature.retryAfterSeconds} s`,
    nature.poisonRatio === 0 ? "" : `${percent(nature.poisonRatio)} poison`,
    nature.rejectedRatio === 0 ? "" : `${percent(nature.rejectedRatio)} unknown records`,
    nature.fragile === null ? "" : "fragile after outages",
    skewMs === 0 ? "" : `clocks ${skewMs} ms apart`,
  ].filter((text) => text !== "");
  return [
    `X = ${maxConcurrency}, calls of ${latency.medianMs} ms (σ ${latency.sigma}), time-out ${timeoutMs} ms, ${maxAttempts} attempts, ${timeZone}`,
    `from ${startsAt}${extras.length === 0 ? "" : `; ${extras.join(", ")}`}`,
    ...load.map(
      ({ lane, run, count, firstRecord, atMinute, overMinutes }) =>
        `${count} records (from r${firstRecord}) in ${lane} at ${minuteText(atMinute)}${overMinutes > 0 ? `, over ${minuteText(overMinutes)}` : ""} as run ${run}`,
    ),
  ];
}

/** One event as a line of the time line; undefined for those that only fill it. */
export function lineOf(event: DatedEvent, startMs: number, about?: string): string | undefined {
  const text = textOf(event, about);
  return text === undefined ? undefined : `${timeText(event.atMs - startMs)}  ${text}`;
}

/** A breach as a line of the time line. */
export function breachLine({ rule, what, atMs }: Violation, startMs: number): string {
  return `${timeText(atMs - startMs)}  ✗ ${rule}: ${what}`;
}

function textOf(event: DatedEvent, about: string | undefined): string | undefined {
  if ("recordId" in event && event.recordId !== about) return undefined;
  switch (event.kind) {
    case "accepted":
      return `${event.recordIds.length} records accepted in ${event.lane}`;
    case "started":
      return `  ${event.recordId} started (${event.attemptId}), ${event.inFlightCount} in flight`;
    case "ended":
      return `  ${event.recordId} ended: ${event.status}`;
    case "claimed":
      return `  ${event.recordId} claimed by ${event.attemptId}`;
    case "completed":
      return `  ${event.recordId} is ${event.status}`;
    case "received":
      return `  ${event.recordId} received from ${event.lane}`;
    case "deleted":
      return `  ${event.recordId} deleted from ${event.lane}`;
    case "letter":
      return `  ${event.recordId} dead after ${event.attempts ?? "no"} attempts: ${event.cause ?? "no cause"}`;
    case "noted":
    case "run":
      return undefined;
    case "announced":
      return `announced: ${event.news} of ${event.detail.runId}`;
    case "redriven":
      return `  ${event.recordId} moved back`;
    case "died":
      return `${event.environment} died: ${event.errorType}`;
    case "decision":
      return event.summary;
    case "hold":
      return `gate held for ${Math.round((event.untilMs - event.atMs) / 1_000)} s`;
    case "orders": {
      const { hold, pin, force } = event;
      const lasts = (order: { readonly untilMs: number }) =>
        `for ${Math.round((order.untilMs - event.atMs) / 1_000)} s`;
      const given = [
        ...(hold ? [`hold ${lasts(hold)}`] : []),
        ...(pin ? [`pin to ${pin.limit} ${lasts(pin)}`] : []),
        ...(force ? [`force to ${force.limit} ${lasts(force)}`] : []),
      ];
      return `orders: ${given.join(", ") || "none"}`;
    }
    case "valve":
      return `${event.lane}: ${event.summary}`;
    case "deployed":
      return `deployed: X = ${event.provider.maxConcurrency}, median ${event.provider.latency.medianMs} ms, time-out ${event.provider.timeoutMs} ms`;
    case "begins":
      return `▶ ${partInWords(event.what)}`;
    case "ends":
      return `◀ ${event.what.kind}`;
    case "recovered":
      return `five minutes without a fault; ${event.queued.length} healthy records queued`;
    case "overdue":
      return `time is up; ${event.left.length} healthy records left`;
    case "unsettled":
      return `time is up; ${event.left.length} records left that the provider does not know`;
    case "threw":
      return `${event.where} threw ${event.error}`;
    case "logged":
      return about === undefined
        ? undefined
        : `  ${event.environment} ${event.level}: ${event.text.slice(0, 900)}`;
    case "control":
    case "evidence":
      return undefined;
  }
}

function partInWords(part: Fault | Spell): string {
  const { kind, fromMinute, untilMinute, ...rest } = part;
  const details = Object.entries(rest).map(
    ([name, value]) => `${name} ${typeof value === "object" ? JSON.stringify(value) : value}`,
  );
  const length = untilMinute > fromMinute ? ` for ${minuteText(untilMinute - fromMinute)}` : "";
  return `${kind}${details.length === 0 ? "" : ` (${details.join(", ")})`}${length}`;
}

function minuteText(minutes: number): string {
  if (minutes === 0) return "0";
  return minutes < 1.5 ? `${(minutes * 60).toPrecision(2)} s` : `${minutes.toPrecision(3)} min`;
}

function timeText(ms: number): string {
  const seconds = Math.max(0, ms) / 1_000;
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor((seconds % 3_600) / 60);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(hours)}:${two(minutes)}:${(seconds % 60).toFixed(1).padStart(4, "0")}`;
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`;
}
