/**
 * The event source mapping of a queue. AWS applies a change in seconds to minutes and refuses others
 * meanwhile; nothing may rest on a change having taken effect.
 */
export interface Valve {
  /** Reads the mapping; undefined if the queue has none. */
  read(): Promise<ValveReading | undefined>;
  /** Changes only the settings that are given, all in one call. Repeating it is harmless. */
  update(settings: Partial<ValveSettings>): Promise<ValveUpdate>;
}

/** The settings that the breaker turns. */
export interface ValveSettings {
  readonly isEnabled: boolean;
  /** Records that one ventilator works through before it reports back, 1–10. */
  readonly batchSize: number;
  /** Ventilators at once, 2–1000: AWS knows no smaller maximum. */
  readonly maximumConcurrency: number;
}

/** The mapping as AWS describes it. */
export interface ValveReading {
  readonly settings: ReadSettings;
  readonly state: ValveState;
  /** Cause of the last change of the state, in AWS's words: tells a change by request from one by AWS. */
  readonly reason: string;
}

/** Settings as far as AWS tells them. */
export interface ReadSettings {
  /** Undefined while the mapping is being created, updated or deleted. */
  readonly isEnabled: boolean | undefined;
  readonly batchSize: number;
  /** Undefined if there is no maximum, because it was cleared. */
  readonly maximumConcurrency: number | undefined;
}

/** States of a mapping; those in -ing refuse updates. */
export type ValveState =
  | "creating"
  | "enabling"
  | "enabled"
  | "disabling"
  | "disabled"
  | "updating"
  | "deleting";

/**
 * Answer to an update. `busy`: an earlier change is still being applied; `throttled`: the account's control
 * plane is at its limit; `missing`: the queue has no mapping.
 */
export type ValveUpdate =
  | { readonly kind: "accepted" }
  | { readonly kind: "busy" }
  | { readonly kind: "throttled" }
  | { readonly kind: "missing" };
