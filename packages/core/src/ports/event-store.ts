/**
 * Store of a breaker's events, for operators who look for reasons. Each call may throw `Unreachable`, those that read also
 * `StoredRowInvalid`.
 */
export interface EventStore {
  /** Appends an event; the same id twice is one event. */
  append(event: BreakerEvent): Promise<void>;
  /** Events from `sinceMs` on, oldest first. */
  list(sinceMs: number): AsyncIterable<BreakerEvent>;
  /** The newest events of a choice, newest first. Reads hardly more than it answers with. */
  latest(choice: LatestEvents): Promise<readonly BreakerEvent[]>;
}

/** A choice of the newest events. */
export interface LatestEvents {
  /** At most so many. */
  readonly count: number;
  readonly sinceMs: number;
  /** Only those that come before this event, by time and then by id; left out: up to now. */
  readonly before?: Pick<BreakerEvent, "atMs" | "id"> | undefined;
}

/** A decision or advice of the law, a change of a valve, the beginning of a hold, or an operator's order. */
export interface BreakerEvent {
  readonly id: string;
  readonly atMs: number;
  /**
   * `decision`: of the law; `advice`: the decision of a law that is not in force; `valve`: a change of a
   * mapping; `hold`: nothing may start for a reason that is not the provider's, such as workers that can't begin;
   * `order`: an operator holds, pins or forces, or ends that; `quota`: the provider's count of a quota seems to differ.
   */
  readonly kind: "decision" | "advice" | "valve" | "hold" | "order" | "quota";
  /** One sentence for people: rule, before → after. */
  readonly summary: string;
  /** Rule, inputs, before, after and what was seen, as a JSON value. */
  readonly details: unknown;
}
