/** The provider's answers to everybody, as far as a batch knows them. */
export interface KnownAnswers {
  /** Instant of the last success; 0 if there is none. */
  readonly lastOkAtMs: number;
  /** Rejections since then. */
  readonly rejectedSinceOkCount: number;
}

/** Nothing is known. */
export const NO_ANSWERS: KnownAnswers = { lastOkAtMs: 0, rejectedSinceOkCount: 0 };

/**
 * The knowledge of a batch, of its own answers and those of others. Its own rejections may be among the others' already:
 * counted twice, they make for a doubt a little early.
 */
export function knownInAll(own: KnownAnswers, told: KnownAnswers): KnownAnswers {
  if (own.lastOkAtMs > told.lastOkAtMs) return own;
  const { lastOkAtMs, rejectedSinceOkCount } = told;
  return { lastOkAtMs, rejectedSinceOkCount: rejectedSinceOkCount + own.rejectedSinceOkCount };
}
