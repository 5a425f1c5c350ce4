import type { Breach } from "./rule.ts";

/** A time in which the valve is shut, as far as nothing hinders it. */
export interface ShutSpan {
  readonly fromMs: number;
  /** Infinity where nobody knows. */
  readonly untilMs: number;
}

/** Receives that are allowed while the valve is shut. */
export interface AllowedReceives {
  /** However long it is shut, and however few records there are. */
  readonly spare: number;
  /** Those of probes, which look at several records. */
  readonly perMinute: number;
  /** Of each record that comes at all. */
  readonly perRecord: number;
}

/** A record behind a shut valve may come again after this time. */
const AGAIN_MINUTES = 10;

/** Counts what comes through a valve that is to be shut for one reason. */
export interface ShutValve {
  /** The span from now on; undefined: it is open. Judges the one that has ended by that. */
  turn(span: ShutSpan | undefined, atMs: number): Breach | undefined;
  received(recordId: string, atMs: number): void;
}

/** Makes a valve that is open. @param reason in the words of a breach, as in "behind a valve that a trip shut" */
export function createShutValve(reason: string, allowed: AllowedReceives): ShutValve {
  let shut: ShutSpan | undefined;
  let count = 0;
  const records = new Set<string>();

  function judge({ fromMs, untilMs }: ShutSpan, atMs: number): Breach | undefined {
    const minutes = Math.max(0, Math.min(atMs, untilMs) - fromMs) / 60_000;
    const { spare, perMinute, perRecord } = allowed;
    const most = spare + perMinute * minutes + records.size * (perRecord + minutes / AGAIN_MINUTES);
    if (count <= most) return undefined;
    return {
      what: `${count} receives in ${Math.round(minutes)} min behind a valve that ${reason} shut, ${Math.round(most)} are allowed`,
    };
  }

  return {
    turn(span, atMs) {
      if (span?.fromMs === shut?.fromMs && span?.untilMs === shut?.untilMs) return undefined;
      const breach = shut && judge(shut, atMs);
      shut = span;
      count = 0;
      records.clear();
      return breach;
    },
    received(recordId, atMs) {
      if (shut === undefined || atMs <= shut.fromMs || atMs >= shut.untilMs) return;
      count += 1;
      records.add(recordId);
    },
  };
}
