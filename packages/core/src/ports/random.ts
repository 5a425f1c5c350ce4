/** Randomness as the use-cases see it, so that a simulation can replay a run from its seed. */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
}
