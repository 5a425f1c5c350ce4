/** The provider failed: 5xx, timeout, no connection. The record is tried again, and the breaker takes note. */
export class ProviderFault extends Error {
  override readonly name = "ProviderFault";
}

/** The provider asked us to slow down; `retryAfterMs` if it said for how long. Costs the record no attempt. */
export class ProviderThrottled extends Error {
  override readonly name = "ProviderThrottled";
  readonly retryAfterMs: number | undefined;

  constructor(message: string, retryAfterMs?: number) {
    super(message);
    this.retryAfterMs = retryAfterMs;
  }
}

/** The record itself is at fault: unknown, invalid. It is dead-lettered at once, and the breaker takes no note. */
export class RecordRejected extends Error {
  override readonly name = "RecordRejected";
}
