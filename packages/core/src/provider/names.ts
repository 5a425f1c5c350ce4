import { SluiceError } from "../errors.ts";

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
  readonly waker: string;
}

/** With the longest provider id, function names then stay within Lambda's 64 characters, and queues' within SQS's 80. */
const ENVIRONMENT = /^[a-z0-9-]{1,21}$/;

/**
 * Derives the names from app, environment and provider.
 * @throws SluiceError `name-invalid` for an environment that can't be part of a name
 */
export function namesOf(environment: string, providerId: string): ProviderNames {
  if (!ENVIRONMENT.test(environment)) {
    const range = "1 to 21 lower-case letters, digits and dashes";
    throw new SluiceError(
      "name-invalid",
      `The environment must be ${range}, received ${JSON.stringify(environment)}`,
    );
  }
  const stem = `sluice-${environment}-${providerId}`;
  return {
    recordsQueue: `${stem}-records.fifo`,
    expressQueue: `${stem}-express.fifo`,
    deadLetterQueue: `${stem}-dead-letter.fifo`,
    table: stem,
    ventilator: `${stem}-ventilator`,
    worker: `${stem}-worker`,
    waker: `${stem}-waker`,
  };
}
