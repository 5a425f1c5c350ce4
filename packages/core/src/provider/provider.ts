import type { ByLane } from "./lane.ts";
import type { Quota, QuotaInput } from "./quota.ts";
import type { ShadowTuning } from "./shadow-tuning.ts";
import type { AccessWindows } from "./windows/access-windows.ts";

/** A third-party API and its contract, complete and consistent: `parseProvider` makes one. */
export interface Provider {
  readonly id: string;
  /** For people only. */
  readonly description?: string;
  /** IANA name; the provider day is the calendar day here. */
  readonly timeZone: string;
  /** Times at which the provider may be called; absent: at any time. */
  readonly windows?: AccessWindows;
  /** X: the most requests that the provider allows at once. */
  readonly maxConcurrency: number;
  /** Latency above which a call that succeeds counts as slow. */
  readonly slowAfterMs: number;
  /** Latency above which a call is given up and counts as a fault. */
  readonly timeoutMs: number;
  /** Usual latency: shapes the first batches and the calm weather of the local run. */
  readonly latency: Latency;
  /** Starts per provider day, after which a record that still fails is dead-lettered. */
  readonly maxAttempts: number;
  readonly backOff: BackOff;
  readonly worker: WorkerOptions;
  readonly ventilator: VentilatorOptions;
  readonly queue: QueueOptions;
  readonly breaker: BreakerOptions;
  /** The most starts in a period, together; absent where the provider has none. */
  readonly quotas?: readonly Quota[];
  /** Time after which a record of a lane that was not started is not fetched any more; absent where it is whenever its turn comes. */
  readonly maxAgeMs?: Partial<ByLane<number>>;
}

/** Latency of calls while the provider is well: log-normal around the median, cut at both ends. */
export interface Latency {
  readonly medianMs: number;
  /** Standard deviation of the latency's logarithm: 0 is constant, 2 very heavy-tailed. */
  readonly sigma: number;
  readonly minMs: number;
  readonly maxMs: number;
}

/** Wait of a failed record: `firstMs`, doubled for each further attempt, at most `maxMs`. */
export interface BackOff {
  readonly firstMs: number;
  readonly maxMs: number;
}

/** The Lambda that calls the provider. */
export interface WorkerOptions {
  /** File stem in the functions package's `workers` folder. */
  readonly name: string;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  /** Settings of the worker's own; they are no secret. */
  readonly environment: Readonly<Record<string, string>>;
  /** Names of the secrets that the worker may read, such as `ApiToken`; no definition has their values. */
  readonly secrets: readonly string[];
  readonly answer: AnswerOptions;
}

/** The provider's answer to a request for a record, as far as a worker has to expect it. */
export interface AnswerOptions {
  /** Longest record, in millions of bytes; the rest of a longer one is not read, and the call is a fault. */
  readonly maxMb: number;
  /** True if a 2xx status with nothing behind it, such as 204, is an answer too. */
  readonly mayBeEmpty: boolean;
}

/** The Lambda that fans records out to the worker. */
export interface VentilatorOptions {
  readonly timeoutMs: number;
  readonly memoryMb: number;
  /** Invocations at once that this account grants the provider; beyond it a batch fans out. */
  readonly maxConcurrency: number;
  /** Time left beyond the worker's timeout, without which a record is not started. */
  readonly marginMs: number;
}

/** The provider's queues. */
export interface QueueOptions {
  readonly visibilityTimeoutMs: number;
}

/** Options of the breaker. */
export interface BreakerOptions {
  /**
   * Time between two steps up of the limit when nothing speaks against them. The law's other waits are
   * multiples of it: one and a half of them pass before the first probe of an outage.
   */
  readonly paceMs: number;
  /**
   * Numbers of the law to try: a law that has them says, as advice, what it would do where that differs from what is
   * done. Absent: none is tried.
   */
  readonly shadow?: ShadowTuning;
}

/** The worker's part of a data file. */
export type WorkerInput = Pick<WorkerOptions, "name"> &
  Partial<Omit<WorkerOptions, "answer">> & { readonly answer?: Partial<AnswerOptions> };

/** A provider as its data file has it: options with a default may be left out. */
export interface ProviderInput
  extends Omit<
    Provider,
    "timeZone" | "maxAttempts" | "backOff" | "worker" | "ventilator" | "queue" | "breaker" | "quotas"
  > {
  readonly timeZone?: string;
  readonly maxAttempts?: number;
  readonly backOff?: Partial<BackOff>;
  readonly worker: WorkerInput;
  readonly ventilator?: Partial<VentilatorOptions>;
  readonly queue?: Partial<QueueOptions>;
  readonly breaker?: Partial<BreakerOptions>;
  readonly quotas?: readonly QuotaInput[];
}
