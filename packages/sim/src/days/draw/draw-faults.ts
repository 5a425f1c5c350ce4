import type { Lane, ProviderInput } from "@sluice/core/provider";
import type { Service } from "../../cloud/sdk/sdk-calls.ts";
import type { Lots } from "../../provider-simulator/lots.ts";
import type { Fault, FaultKind, Role, Span } from "../story.ts";
import { drawLatency, drawMaxConcurrency } from "./draw-contract.ts";
import { type DayTimes, drawSpan } from "./draw-span.ts";

const SERVICES: readonly [Service, ...Service[]] = [
  "dynamodb",
  "dynamodb",
  "sqs",
  "sqs",
  "lambda",
  "lambda-control",
  "eventbridge",
];
const ROLES: readonly [Role, ...Role[]] = ["ventilator", "ventilator", "worker", "waker"];
const LOAD_ERRORS = ["Runtime.ImportModuleError", "Error", "TypeError"] as const;

/** Draws what goes wrong on a day; one in seven has nothing of it. */
export function drawFaults(contract: ProviderInput, times: DayTimes, lots: Lots): Fault[] {
  if (lots.chance(0.15)) return [];
  const count = lots.pick([1, 2, 2, 3, 3, 4, 5, 6, 8]);
  return Array.from({ length: count }, () => drawFault(contract, times, lots));
}

/** Draws a wrong base URL that is in force for a while; one day in sixteen has one. */
export function drawWrongAddress(times: DayTimes, lots: Lots): Fault[] {
  if (!lots.chance(1 / 16)) return [];
  const span = drawSpan(times, lots);
  const fromMinute = lots.chance(0.4) ? 0 : span.fromMinute;
  return [{ ...span, fromMinute, kind: "wrong-address", ratio: lots.pick([1, 1, 0.99]) }];
}

function drawFault(contract: ProviderInput, times: DayTimes, lots: Lots): Fault {
  const span = drawSpan(times, lots);
  switch (lots.whole(0, 12)) {
    case 0:
    case 1:
    case 2:
    case 3:
      return { ...span, ...drawServiceFault(lots) };
    case 4:
    case 5:
    case 6:
      return { ...span, ...drawFunctionFault(lots) };
    case 7:
    case 8:
      return { ...span, ...drawQueueFault(lots) };
    case 9:
      return drawValveFault(span, times, lots);
    case 10:
      return { ...span, ...drawWakerFault(lots) };
    default:
      return { fromMinute: span.fromMinute, untilMinute: span.fromMinute, ...drawDeed(contract, lots) };
  }
}

function drawServiceFault(lots: Lots): FaultKind {
  const service = lots.pick(SERVICES);
  const ratio = lots.pick([0.01, 0.1, 0.5, 1]);
  switch (lots.whole(0, 4)) {
    case 0:
      return { kind: "throttle", service, ratio: lots.pick([0.1, 0.5, 0.7, 1]) };
    case 1:
      return { kind: "fail", service, ratio: Math.min(0.5, ratio) };
    case 2:
      return { kind: "lose-answers", service, ratio: Math.min(0.5, ratio) };
    case 3:
      return { kind: "delay", service, ratio: Math.min(0.5, ratio), delayMs: drawDelayMs(lots) };
    default:
      return { kind: "away", service };
  }
}

/** Most requests are late by seconds; some sit in a buffer on the way for minutes, long after their sender is gone. */
function drawDelayMs(lots: Lots): number {
  return lots.chance(0.6) ? lots.logBetween(200, 8_000) : lots.logBetween(8_000, 120_000);
}

function drawFunctionFault(lots: Lots): FaultKind {
  const role = lots.pick(ROLES);
  switch (lots.whole(0, 6)) {
    case 0:
    case 1:
      return { kind: "crash", role, ratio: lots.pick([0.001, 0.01, 0.1]) };
    case 2:
      return { kind: "freeze", role, ratio: 0.01, freezeMs: lots.logBetween(500, 20_000) };
    case 3:
      return {
        kind: "no-concurrency",
        role: lots.pick(["worker", "ventilator"]),
        ratio: lots.pick([0.3, 1]),
      };
    case 4:
      return { kind: "worker-broken", error: lots.pick(LOAD_ERRORS) };
    case 5:
      return {
        kind: "foreign-answer",
        answer: lots.pick(["nothing", "stub", "stale", "stale"]),
        ratio: lots.pick([0.05, 1]),
      };
    default:
      return { kind: "cold-starts", delayMs: lots.logBetween(200, 9_000) };
  }
}

function drawQueueFault(lots: Lots): FaultKind {
  switch (lots.whole(0, 3)) {
    case 0:
      return { kind: "duplicates", ratio: lots.pick([0.01, 0.2]) };
    case 1:
      return { kind: "late-deletes", ratio: lots.pick([0.1, 1]), delayMs: lots.logBetween(1_000, 60_000) };
    case 2:
      return { kind: "failed-entries", ratio: lots.pick([0.05, 0.5]) };
    default:
      return { kind: "stale-counts", lagMs: lots.logBetween(1_000, 60_000) };
  }
}

/** Half of what is done to a mapping is done at any time: the notes of it are the oldest on a calm day. */
function drawValveFault(span: Span, { minutes }: DayTimes, lots: Lots): Fault {
  const fromMinute = lots.chance(0.5) ? lots.between(0, minutes * 0.8) : span.fromMinute;
  const at = { fromMinute, untilMinute: fromMinute };
  const lane: Lane = lots.pick(["records", "records", "express"]);
  switch (lots.whole(0, 4)) {
    case 0:
      return { ...span, kind: "slow-valve", minSeconds: 30, maxSeconds: lots.pick([60, 180]) };
    case 1:
      return { ...span, kind: "early-state", lagSeconds: lots.pick([10, 60]) };
    case 2:
      return { ...at, kind: "mapping-disabled", lane };
    case 3:
      return {
        ...at,
        kind: "mapping-edited",
        lane,
        batchSize: lots.whole(1, 10),
        maximumConcurrency: lots.logWhole(2, 1_000),
      };
    default:
      return { ...at, kind: "mapping-renewed", lane };
  }
}

function drawWakerFault(lots: Lots): FaultKind {
  switch (lots.whole(0, 2)) {
    case 0:
      return { kind: "no-waker" };
    case 1:
      return { kind: "late-waker", delayMs: lots.logBetween(1_000, 50_000) };
    default:
      return { kind: "twin-waker" };
  }
}

function drawDeed(contract: ProviderInput, lots: Lots): FaultKind {
  switch (lots.whole(0, 6)) {
    case 0:
      return { kind: "redrive" };
    case 1:
      return { kind: "state-deleted" };
    case 2:
      return { kind: "deploy", contract: {} };
    case 3:
    case 4:
      return {
        kind: "deploy",
        contract: { maxConcurrency: changedMaxConcurrency(contract.maxConcurrency, lots) },
      };
    case 5:
      return { kind: "deploy", contract: { latency: latencyWithin(contract.timeoutMs, lots) } };
    default:
      return {
        kind: "deploy",
        contract: {
          timeoutMs: Math.round(
            Math.max(contract.latency.maxMs, contract.slowAfterMs, contract.timeoutMs * lots.between(0.5, 2)),
          ),
        },
      };
  }
}

/** The most that a contract may have. */
const X_MAX = 1_000;

function changedMaxConcurrency(maxConcurrency: number, lots: Lots): number {
  if (lots.chance(0.3)) return drawMaxConcurrency(lots);
  return Math.min(X_MAX, Math.max(1, Math.round(maxConcurrency * lots.logBetween(0.2, 4))));
}

function latencyWithin(timeoutMs: number, lots: Lots): ProviderInput["latency"] {
  const { medianMs, ...spread } = drawLatency(lots);
  const median = Math.min(medianMs, timeoutMs);
  return {
    ...spread,
    medianMs: median,
    minMs: Math.min(spread.minMs, median),
    maxMs: Math.max(median, Math.min(spread.maxMs, timeoutMs)),
  };
}
