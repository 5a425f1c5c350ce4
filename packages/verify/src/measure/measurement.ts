import type { MeasuredMapping } from "@sluice/sim/event-source-mapping";
import type { Bench } from "../bench/bench.ts";

/** The knowledge that a run has gained about a row of docs/aws-assumptions.md. */
export interface Finding {
  /** The id of the row. */
  readonly row: string;
  readonly what: string;
  /** That Sluice relies on, or its model. */
  readonly assumed: string;
  readonly outcome: FindingOutcome;
}

/** The result of a measurement, and whether it is as assumed. */
export type FindingOutcome =
  | { readonly kind: "holds" | "differs"; readonly measured: string }
  | { readonly kind: "not-measured"; readonly why: string };

/** The yield of a measurement. */
export interface Measured {
  readonly findings: readonly Finding[];
  /** For the lab's model of mappings to take over. */
  readonly mapping?: MeasuredMapping;
  /** The cause why a part of it was not measured. */
  readonly failure?: string;
}

/** The things that measurements ask a bench for. */
export type Need = keyof Pick<Bench, "direct" | "mapping" | "otherMapping">;

/** The time that a measurement takes, once all that it needs is made. */
export interface Duration {
  /** A duration with updates of a mapping that take as long as the lab's model has them on average. */
  readonly typicalMinutes: number;
  /** The duration after which it is ended. */
  readonly mostMinutes: number;
}

/** Something that can be measured by itself. */
export interface Measurement {
  /** Its name on the command line. */
  readonly id: string;
  /** The rows of docs/aws-assumptions.md that it looks at. */
  readonly rows: readonly string[];
  /** Its doing, for people. */
  readonly title: string;
  /** The things that it needs on each of its benches. */
  readonly needs: readonly Need[];
  /** @param rounds that are measured one after the other */
  duration(rounds: number): Duration;
  /** Messages and invocations that it makes at most. */
  messagesMax(rounds: number): number;
  /**
   * Measures on its bench.
   * @param more benches on which a measurement in rounds measures some of them, beside the others
   * @throws CallFailed, OutOfTime, Interrupted
   */
  run(bench: Bench, ...more: readonly Bench[]): Promise<Measured>;
}

/** The finding of something that is as assumed, or is not. */
export function found(about: Omit<Finding, "outcome">, isAsAssumed: boolean, measured: string): Finding {
  return { ...about, outcome: { kind: isAsAssumed ? "holds" : "differs", measured } };
}
