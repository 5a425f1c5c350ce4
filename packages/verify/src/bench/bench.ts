import type { Clock } from "@sluice/core/ports";
import type { Account } from "../ports/account.ts";
import type { MadeQueue } from "../ports/queues.ts";
import type { BenchNames } from "../run-names.ts";
import type { Timing } from "../timing.ts";

/** A mapping that exists, the queue that it polls, and the function that it calls. */
export interface MadeMapping {
  readonly uuid: string;
  readonly queue: MadeQueue;
  readonly functionArn: string;
}

/**
 * The tools of the measurements that run one after the other. What they need is made when the first of them asks for it, and is
 * shared by them; no other bench has any of it.
 */
export interface Bench {
  readonly account: Account;
  readonly clock: Clock;
  readonly timing: Timing;
  readonly names: BenchNames;
  /** A deduplication id that was not there before. */
  nextId(): string;
  /** @throws Interrupted as soon as the run is to end */
  pause(durationMs: number): Promise<void>;
  /** Tells what is going on. */
  say(line: string): void;
  /** A FIFO queue that no mapping polls. @throws CallFailed */
  direct(): Promise<MadeQueue>;
  /** The dead-letter queue of that one. @throws CallFailed */
  deadLetters(): Promise<MadeQueue>;
  /** A mapping from a FIFO queue to the recorder, disabled at first. @throws CallFailed */
  mapping(): Promise<MadeMapping>;
  /** A queue that is none of FIFO, and that no mapping polls while it is disabled. @throws CallFailed */
  standard(): Promise<MadeQueue>;
  /**
   * A mapping from that queue to the updater, disabled for good. The updater's role may update the mappings of the recorder
   * alone. @throws CallFailed
   */
  otherMapping(): Promise<MadeMapping>;
}
