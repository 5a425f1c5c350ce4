/** A point of a line over time. */
export interface Point {
  readonly atMs: number;
  readonly value: number;
}
