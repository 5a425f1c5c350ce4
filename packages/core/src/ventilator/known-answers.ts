/** The provider's answers to everybody, as far as a batch knows them. */
export interface KnownAnswers {
  /** Instant of the last success; 0 if there is none. */
  readonly lastOkAtMs: number;
  /** Rejections since then, as far as they are known or must be reckoned with. */
  readonly rejectedSinceOkCount: number;
  /** Instant at which the breaker closed after its last trip; 0 before the first. */
  readonly closedAtMs: number;
  /** The last instant before that trip at which all was well; 0 where that is not known. */
  readonly wellAtMs: number;
}

/** Nothing is known. */
export const NO_ANSWERS: KnownAnswers = {
  lastOkAtMs: 0,
  rejectedSinceOkCount: 0,
  closedAtMs: 0,
  wellAtMs: 0,
};

/**
 * Weight of a rejection in a batch's own hands. Others that started with the same news are likely to have had one too,
 * which they have not told yet: fifty batches that each believe ten would let five hundred records die.
 */
const OWN_WEIGHT = 4;

/** The knowledge of a batch, of its own answers and those that others have told. */
export function knownInAll(own: KnownAnswers, told: KnownAnswers): KnownAnswers {
  const { lastOkAtMs, rejectedSinceOkCount, closedAtMs, wellAtMs } = told;
  if (own.lastOkAtMs > lastOkAtMs) return { ...own, closedAtMs, wellAtMs };
  return {
    lastOkAtMs,
    closedAtMs,
    wellAtMs,
    rejectedSinceOkCount: rejectedSinceOkCount + OWN_WEIGHT * own.rejectedSinceOkCount,
  };
}
