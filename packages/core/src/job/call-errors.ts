/** A failure of the provider: 5xx, timeout, no connection. The record is tried again, and the breaker takes note. */
export class ProviderFault extends Error {
  override readonly name = "ProviderFault";
}

/**
 * A provider's demand to be called less, with the wait in milliseconds if it named one. It costs the record no attempt.
 */
export class ProviderThrottled extends Error {
  override readonly name = "ProviderThrottled";
  readonly retryAfterMs: number | undefined;

  constructor(message: string, retryAfterMs?: number) {
    super(message);
    this.retryAfterMs = retryAfterMs;
  }
}

/** A record at fault itself: unknown, invalid. It is dead-lettered at once, and the breaker takes no note. */
export class RecordRejected extends Error {
  override readonly name = "RecordRejected";
}
