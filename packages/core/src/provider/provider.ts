/** A third-party API and its contract, complete and consistent: `parseProvider` makes one. */
export interface Provider {
  readonly id: string;
  /** For people only. */
  readonly description?: string;
  /** IANA name; the provider day is the calendar day here. */
  readonly timeZone: string;
  /** X: the most requests that the provider allows at once. */
  readonly maxConcurrency: number;
  /** A call that takes longer than this succeeds, but counts as slow. */
  readonly slowAfterMs: number;
  /** A call that takes longer than this is given up and counts as a fault. */
  readonly timeoutMs: number;
  /** What is usual: shapes the first batches and the calm weather of the local run. */
  readonly latency: Latency;
  /** Starts per provider day, after which a record that still fails is dead-lettered. */
  readonly maxAttempts: number;
  readonly backOff: BackOff;
  readonly worker: WorkerOptions;
  readonly ventilator: VentilatorOptions;
  readonly queue: QueueOptions;
  readonly breaker: BreakerOptions;
}

/** How long calls take when the provider is well: log-normal around the median, cut at both ends. */
export interface Latency {
  readonly medianMs: number;
  /** Standard deviation of the latency's logarithm: 0 is constant, 2 very heavy-tailed. */
  readonly sigma: number;
  readonly minMs: number;
  readonly maxMs: number;
}

/** How long a failed record waits: `firstMs`, doubled for each further attempt, at most `maxMs`. */
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
  /** Settings of the worker's own, for everyone to read. */
  readonly environment: Readonly<Record<string, string>>;
  /** Names of the secrets that the worker may read, such as `ApiToken`; the values are nowhere in a definition. */
  readonly secrets: readonly string[];
}

/** The Lambda that fans records out to the worker. */
export interface VentilatorOptions {
  readonly timeoutMs: number;
  readonly memoryMb: number;
  /** Invocations at once that this account grants the provider; beyond it a batch fans out. */
  readonly maxConcurrency: number;
  /** A record is started only if the time left exceeds the worker's timeout by this. */
  readonly marginMs: number;
}

/** The provider's queues. */
export interface QueueOptions {
  readonly visibilityTimeoutMs: number;
}

/** How the breaker deals with the provider. */
export interface BreakerOptions {
  /**
   * Time between two steps up of the limit when nothing speaks against them. The law's other waits are multiples of it:
   * three of them pass before the first probe of an outage.
   */
  readonly paceMs: number;
}

/** A provider as its data file has it: what has a default may be left out. */
export interface ProviderInput
  extends Omit<
    Provider,
    "timeZone" | "maxAttempts" | "backOff" | "worker" | "ventilator" | "queue" | "breaker"
  > {
  readonly timeZone?: string;
  readonly maxAttempts?: number;
  readonly backOff?: Partial<BackOff>;
  readonly worker: Pick<WorkerOptions, "name"> & Partial<WorkerOptions>;
  readonly ventilator?: Partial<VentilatorOptions>;
  readonly queue?: Partial<QueueOptions>;
  readonly breaker?: Partial<BreakerOptions>;
}
