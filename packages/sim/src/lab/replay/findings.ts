import type { Provider } from "@sluice/core/provider";
import type { ReportTable } from "../../report/report-table.ts";
import type { Regime } from "./capacity.ts";
import type { Rebuilt } from "./rebuild.ts";

/** Grades of certainty of a part of a rebuilt scenario. */
export type Sureness = "known" | "bounded" | "assumed";

/** A part of a rebuilt scenario, and what it rests on. */
interface Finding {
  readonly part: string;
  readonly text: string;
  readonly sureness: Sureness;
  readonly why: string;
}

/** Times of one part that are listed; the rest is in the scenario's file. */
const LISTED_MAX = 8;

/** Calls from which a share of faults is known to a few in a hundred. */
const FAULTS_KNOWN_COUNT = 400;

/** The table of what was read from the events, and how sure it is. */
export function findingsTable(rebuilt: Rebuilt, contract: Provider): ReportTable {
  const findings = [
    contractFinding(rebuilt, contract),
    timeFinding(rebuilt),
    ...shortened(
      rebuilt.regimes.map((regime, at) => regimeFinding(rebuilt, regime, at)),
      "capacity",
    ),
    ...shortened(latencyFindings(rebuilt), "latency"),
    ...shortened(faultFindings(rebuilt), "faults"),
    overloadFinding(rebuilt),
    ...retryAfterFinding(rebuilt),
    loadFinding(rebuilt),
    ...unknownFinding(rebuilt),
  ];
  return {
    caption: `What the events say: ${rebuilt.scenario.name}`,
    columns: [{ name: "part" }, { name: "rebuilt" }, { name: "sure" }, { name: "because" }],
    rows: findings.map(({ part, text, sureness, why }) => [part, text, sureness, why]),
  };
}

function contractFinding({ scenario }: Rebuilt, { id, maxConcurrency }: Provider): Finding {
  const { maxConcurrency: limitMax, timeoutMs, slowAfterMs } = scenario.provider;
  const text = `X ${limitMax}, slow after ${slowAfterMs} ms, timeout ${timeoutMs} ms`;
  if (limitMax === maxConcurrency)
    return { part: "contract", text, sureness: "known", why: `${id}'s data file` };
  const why = `limits of ${limitMax} were in force, ${id}'s data file says ${maxConcurrency} now`;
  return { part: "contract", text, sureness: "bounded", why };
}

function timeFinding({ scenario, startMs }: Rebuilt): Finding {
  return {
    part: "time",
    text: `${scenario.durationMinutes} min from ${new Date(startMs).toISOString()}`,
    sureness: "known",
    why: "from the first epoch that a decision tells of, an hour of it at most, to the last event",
  };
}

function regimeFinding(rebuilt: Rebuilt, regime: Regime, at: number): Finding {
  const { least, most, capacity, outage, fromMs, untilMs } = regime;
  const end = at === rebuilt.regimes.length - 1 ? "end" : minuteOf(rebuilt, untilMs);
  const part = `capacity ${minuteOf(rebuilt, fromMs)}–${end}`;
  if (outage !== undefined) {
    const back = outage.isOpenEnded
      ? "no probe was answered before the events end"
      : `a probe was answered at ${minuteOf(rebuilt, outage.untilMs)}, none at ${minuteOf(rebuilt, outage.stillAtMs)}`;
    return { part, text: "0", sureness: "bounded", why: back };
  }
  const text = String(capacity);
  if (most < Number.POSITIVE_INFINITY) {
    const why = least === 0 ? `${most + 1} was too much` : `${least} was well, ${most + 1} too much`;
    return { part, text, sureness: least === most ? "known" : "bounded", why };
  }
  if (least >= capacity)
    return { part, text, sureness: "known", why: "all that the contract allows was well" };
  return {
    part,
    text,
    sureness: "assumed",
    why: least === 0 ? "no trouble was seen" : `${least} was well, no trouble was seen`,
  };
}

function latencyFindings(rebuilt: Rebuilt): readonly Finding[] {
  const { latencies, scenario } = rebuilt;
  if (latencies.length === 0) {
    const { latency } = scenario.provider;
    const text = "mix" in latency ? "a mix" : `median ${latency.medianMs} ms, σ ${latency.sigma}`;
    return [
      {
        part: "latency",
        text,
        sureness: "assumed",
        why: "the data file's: no decision tells of enough calls",
      },
    ];
  }
  return latencies.map(({ fromMs, value, variance, count }, at) => ({
    part: `latency from ${minuteOf(rebuilt, fromMs)}`,
    text: `median ${rounded(Math.exp(value))} ms, σ ${rounded(Math.sqrt(variance))}`,
    sureness: at === latencies.length - 1 && at > 0 ? "bounded" : "known",
    why: `${count} calls${at === latencies.length - 1 && at > 0 ? "; when it ends no event tells" : ""}`,
  }));
}

function faultFindings(rebuilt: Rebuilt): readonly Finding[] {
  return rebuilt.faults.map(({ fromMs, value, count }) => ({
    part: `faults from ${minuteOf(rebuilt, fromMs)}`,
    text: `${rounded(100 * value)} %`,
    sureness: count >= FAULTS_KNOWN_COUNT ? "known" : "bounded",
    why: `${count} calls, without those of outages`,
  }));
}

function overloadFinding({ overload }: Rebuilt): Finding {
  const { mode, exponent, counts, isExponentSeen } = overload;
  const seen = Object.entries(counts).flatMap(([form, count]) => (count === 0 ? [] : [`${form} ${count}`]));
  const isOther = seen.length > 1;
  return {
    part: "overload",
    text: mode === "reject" || mode === "hang" ? mode : `${mode}, exponent ${exponent}`,
    sureness:
      seen.length === 0
        ? "assumed"
        : isOther || (mode === "stretch" && !isExponentSeen)
          ? "bounded"
          : "known",
    why:
      seen.length === 0
        ? "nothing was too much"
        : `${seen.join(", ")}${isOther ? "; a scenario has one mode" : ""}`,
  };
}

function retryAfterFinding({ overload: { mode, retryAfterSeconds } }: Rebuilt): readonly Finding[] {
  if (mode !== "reject" || retryAfterSeconds === null) return [];
  return [
    {
      part: "Retry-After",
      text: `${retryAfterSeconds} s`,
      sureness: "known",
      why: "the mean of what was asked for",
    },
  ];
}

function loadFinding({ load, scenario }: Rebuilt): Finding {
  const isBusy = scenario.backlog > 0;
  const used = `${Math.round(100 * load.usedShare)} % of the permits were in use`;
  return {
    part: "load",
    text: isBusy
      ? `${scenario.backlog} records at the start`
      : `${load.fetchedCount} records, as they were fetched`,
    sureness: "assumed",
    why: load.guessedCount === 0 ? used : `${used}; ${load.guessedCount} of them after the last decision`,
  };
}

function unknownFinding({ pieces }: Rebuilt): readonly Finding[] {
  const lostMs = pieces.reduce(
    (sum, piece) => (piece.kind === "unknown" ? sum + piece.untilMs - piece.fromMs : sum),
    0,
  );
  if (lostMs === 0) return [];
  const text = `${rounded(lostMs / 60_000)} min are not replayed`;
  return [
    { part: "our own side", text, sureness: "assumed", why: "a scenario has only the provider's weather" },
  ];
}

function shortened(findings: readonly Finding[], part: string): readonly Finding[] {
  if (findings.length <= LISTED_MAX) return findings;
  const more = findings.length - LISTED_MAX;
  const rest: Finding = {
    part,
    text: `${more} more`,
    sureness: "bounded",
    why: "all are in the scenario's file",
  };
  return [...findings.slice(0, LISTED_MAX), rest];
}

function minuteOf({ startMs }: Rebuilt, atMs: number): string {
  return `${((atMs - startMs) / 60_000).toFixed(1)} min`;
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
