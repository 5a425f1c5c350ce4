import type { Provider } from "@sluice/core/provider";
import { parseScenario } from "../../provider-simulator/parse-scenario.ts";
import type { Scenario } from "../../provider-simulator/scenario.ts";
import { faultSegments, LATENCY_COUNT_MIN, latencySegments } from "./calls.ts";
import { capacityLine, lineOf, type Regime, regimesOf } from "./capacity.ts";
import { type Epoch, epochsOf, meanLatencyMs } from "./epochs.ts";
import { type Load, loadOf } from "./load.ts";
import { type OverloadRead, overloadOf } from "./overload.ts";
import type { ReplayedEvents } from "./parse-events.ts";
import { type Piece, piecesOf } from "./pieces.ts";
import type { Sample } from "./segments.ts";

/** A scenario that was rebuilt from a breaker's events, and what it was read from. */
export interface Rebuilt {
  readonly scenario: Scenario;
  /** The instant of minute 0. */
  readonly startMs: number;
  readonly epochs: readonly Epoch[];
  readonly pieces: readonly Piece[];
  readonly regimes: readonly Regime[];
  readonly latencies: readonly Sample[];
  readonly faults: readonly Sample[];
  readonly overload: OverloadRead;
  readonly load: Load;
}

/** The part of a provider's data file that a replay needs. */
export type ReplayedContract = Pick<
  Provider,
  "id" | "maxConcurrency" | "slowAfterMs" | "timeoutMs" | "latency"
>;

/** Rebuilds the weather of the time that the events are from: the simplest that explains them. */
export function rebuild(events: ReplayedEvents, contract: ReplayedContract): Rebuilt {
  const epochs = epochsOf(events);
  const startMs = epochs[0]?.fromMs ?? events.fromMs;
  const endMs = epochs.at(-1)?.untilMs ?? events.untilMs;
  const maxConcurrency = Math.max(contract.maxConcurrency, ...epochs.map(({ control }) => control.limit));
  const pieces = piecesOf(epochs, contract.timeoutMs);
  const regimes = regimesOf(pieces, maxConcurrency);
  const latencies = latencySegments(pieces, regimes);
  const faults = faultSegments(pieces, regimes);
  const usual = usualLatency(latencies, contract);
  const overload = overloadOf(pieces, regimes, usual.medianMs);
  const load = loadOf(epochs, startMs, meanLatencyMs(usual));
  const { counts: _, isExponentSeen: __, ...mode } = overload;
  const scenario = parseScenario(
    {
      name: `replay-${contract.id}-${new Date(startMs).toISOString().slice(0, "2026-11-21".length)}`,
      durationMinutes: Number(((endMs - startMs) / 60_000).toFixed(3)),
      backlog: load.backlog,
      arrivalsPerMinute: load.arrivalsPerMinute,
      provider: {
        maxConcurrency,
        slowAfterMs: contract.slowAfterMs,
        timeoutMs: contract.timeoutMs,
        latency: usual,
        capacity: capacityLine(regimes, startMs, maxConcurrency),
        overload: mode,
        faultRatio: lineOf(faults.map(rounded(2, (share) => share)), startMs, 0),
        latencyFactor: lineOf(
          latencies.map(rounded(3, (lnMs) => Math.exp(lnMs) / usual.medianMs)),
          startMs,
          1,
        ),
        rejectedRatio: load.rejectedRatio,
      },
    },
    "of the events",
  );
  return { scenario, startMs, epochs, pieces, regimes, latencies, faults, overload, load };
}

function rounded(digits: number, numberOf: (value: number) => number) {
  return ({ fromMs, value }: Sample) => ({ fromMs, value: Number(numberOf(value).toPrecision(digits)) });
}

/** The latency of the time that most calls were seen in; the contract's if none was. */
function usualLatency(latencies: readonly Sample[], { latency }: ReplayedContract): Provider["latency"] {
  const [most] = latencies.toSorted((one, other) => other.count - one.count);
  if (most === undefined || most.count < LATENCY_COUNT_MIN) return latency;
  const medianMs = Number(Math.exp(most.value).toPrecision(3));
  const sigma = Number(Math.min(3, Math.sqrt(most.variance)).toFixed(2));
  return {
    medianMs,
    sigma,
    minMs: Math.min(latency.minMs, medianMs),
    maxMs: Math.max(latency.maxMs, medianMs),
  };
}
