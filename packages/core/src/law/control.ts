/** The phases of a breaker. closed: flowing; open: tripped; half-open: probing. */
export const PHASES = ["closed", "open", "half-open"] as const;

/** One of {@link PHASES}. */
export type Phase = (typeof PHASES)[number];

/** The cause of an open breaker that is no trouble of the provider's: our own side can't begin a call, or calls wrongly. */
export type OpenReason = "environment";

/** Phase, limit and epoch, which the law decides for permits and valve; each permit shard has a copy. */
export interface Control {
  readonly phase: Phase;
  /** L: the concurrent requests wanted, from 1 to X. */
  readonly limit: number;
  /** Number of decisions that changed phase or limit; a request carries the epoch that it started in. */
  readonly epoch: number;
  /** While open: the instant at which the next probe is due. */
  readonly probeAtMs?: number;
  /** While closed: the instant of closing after the last trip; absent before the first. */
  readonly closedAtMs?: number;
  /** While closed: the last instant before that trip at which all was well. Faults between the two were the outage's. */
  readonly wellAtMs?: number;
  /** While open or half-open, the cause; absent for trouble of the provider's. */
  readonly reason?: OpenReason;
  /** The end of an order that keeps the limit below the law's; absent otherwise. Whoever sees it later looks. */
  readonly pinnedUntilMs?: number;
  /** The limit from that end on; absent where no order keeps it lower. */
  readonly unpinnedLimit?: number;
  /** The end of an order that lets requests flow while the law has the breaker open; from then on it is tripped. */
  readonly forcedUntilMs?: number;
}

/** Control in its full form, which permits, valve and waker obey, by phase. */
export type ControlState = ClosedControl | OpenControl | HalfOpenControl;

/** Control, and the expectations that shape the valve. */
interface ExpectingControl extends Control {
  /** The limit expected soon, at most X. The valve is set for it, so as not to be turned at every step. */
  readonly target: number;
  /** Measured median of the latency; absent until there is one: the contract's holds. */
  readonly usualLatencyMs?: number;
}

/** Control while requests flow. */
export interface ClosedControl extends ExpectingControl {
  readonly phase: "closed";
  /** The next report matters more than the price of small batches; absent otherwise. */
  readonly wantsSmallBatches?: true;
}

/** Control while the breaker is open or probes. */
interface ProbingControl extends ExpectingControl {
  /** The valve stays as it is, because the outage may be over soon. */
  readonly isValveKept: boolean;
  /** The environment is to blame because everything is rejected, and not because calls can't begin. */
  readonly isAllRejected?: true;
}

/** Control while the breaker is tripped. */
export interface OpenControl extends ProbingControl {
  readonly phase: "open";
  /** The instant at which the next probe is due. */
  readonly probeAtMs: number;
}

/** Control while one permit at a time is lent, to whoever comes first with a record to probe with. */
export interface HalfOpenControl extends ProbingControl {
  readonly phase: "half-open";
  /** There was no record to probe with: the valve is opened at its minimum, for the next one to appear. */
  readonly awaitsRecord?: true;
}

/** The control of a shard that no decision has reached: closed, with no limit of its own, so that X holds. */
export const UNDECIDED: Control = { phase: "closed", limit: Number.POSITIVE_INFINITY, epoch: 0 };

/** The forms of an environment that is to blame: calls can't begin, or all of them are rejected. */
export type EnvironmentHold = "cant-begin" | "all-rejected";

/** The form in which Sluice's own side is broken while the breaker is open for that, or probes; else undefined. */
export function environmentHoldOf(control: ControlState): EnvironmentHold | undefined {
  if (control.phase === "closed" || control.reason !== "environment") return undefined;
  return control.isAllRejected ? "all-rejected" : "cant-begin";
}

/** The control in a state, as shards and decisions carry it. */
export function controlOf({ phase, limit, epoch, ...more }: Control): Control {
  const { probeAtMs, closedAtMs, wellAtMs, reason, pinnedUntilMs, unpinnedLimit, forcedUntilMs } = more;
  const isClosed = phase === "closed";
  return {
    phase,
    limit,
    epoch,
    ...(probeAtMs === undefined ? {} : { probeAtMs }),
    ...(isClosed && closedAtMs !== undefined && { closedAtMs }),
    ...(isClosed && wellAtMs !== undefined && { wellAtMs }),
    ...(reason === undefined ? {} : { reason }),
    ...(pinnedUntilMs === undefined ? {} : { pinnedUntilMs }),
    ...(unpinnedLimit === undefined ? {} : { unpinnedLimit }),
    ...(forcedUntilMs === undefined ? {} : { forcedUntilMs }),
  };
}
