/** The names of what a provider owns in one environment. A scheduler elsewhere finds the queues by them alone. */
export interface ProviderNames {
  /** Bulk records. */
  readonly recordsQueue: string;
  /** Records that a user waits for. */
  readonly expressQueue: string;
  readonly deadLetterQueue: string;
  readonly table: string;
  readonly ventilator: string;
  readonly worker: string;
}

/** Derives the names from app, environment and provider; queue names stay within SQS's 80 characters. */
export function namesOf(environment: string, providerId: string): ProviderNames {
  const stem = `sluice-${environment}-${providerId}`;
  return {
    recordsQueue: `${stem}-records.fifo`,
    expressQueue: `${stem}-express.fifo`,
    deadLetterQueue: `${stem}-dead-letter.fifo`,
    table: stem,
    ventilator: `${stem}-ventilator`,
    worker: `${stem}-worker`,
  };
}
