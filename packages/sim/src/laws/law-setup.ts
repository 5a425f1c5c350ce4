import type { ControlState, Law } from "@sluice/core/law";
import type { Provider } from "@sluice/core/provider";
import type { MappingShape } from "@sluice/core/valve";

/** A control law, and the system around it: laws are compared as wholes. */
export interface LawSetup {
  /** The name in the lab's tables. */
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: a law's state is its own business, here it only passes through
  readonly law: Law<any>;
  /** The law sees each report by itself rather than the sum of many. */
  readonly seesEachReport: boolean;
  /** The mapping's settings for the control; left out: as in production. */
  readonly shape?: (provider: Provider, control: ControlState) => MappingShape;
  /** Message groups of the bulk queue: one for each record, or a single one for one batch at a time. */
  readonly groups: "per-record" | "single";
  /** Time between two rounds of the waker. */
  readonly wakeEveryMs: number;
}
