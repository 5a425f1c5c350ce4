/** AWS's mappings as the model has them where nothing was measured. */
export interface AssumedMapping {
  /** Of an update, until it is in force. */
  readonly updateSeconds: readonly [min: number, max: number];
  /** Receives under way at once, from the first instant on, so that a slow one stalls nothing. AWS starts with five as well. */
  readonly receives: number;
}

/** {@link AssumedMapping}, in the lab and in the embedded cloud. */
export const ASSUMED_MAPPING: AssumedMapping = { updateSeconds: [20, 60], receives: 5 };
