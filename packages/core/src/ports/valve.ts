/**
 * The event source mapping of a queue. AWS applies a change in seconds to minutes and refuses others meanwhile;
 * nothing may rest on a change having taken effect.
 */
export interface Valve {
  read(): Promise<ValveReading>;
  /** Changes only the settings that are given, all in one call. */
  update(settings: Partial<ValveSettings>): Promise<ValveUpdate>;
}

/** What the breaker turns. */
export interface ValveSettings {
  readonly isEnabled: boolean;
  /** Records that one ventilator works through before it reports back, 1–10. */
  readonly batchSize: number;
  /** Ventilators at once, 2–1000: AWS knows no smaller maximum. */
  readonly maximumConcurrency: number;
}

/** The mapping as AWS describes it. */
export interface ValveReading {
  readonly settings: ValveSettings;
  readonly state: ValveState;
  /** Why the state last changed, in AWS's words: tells a change of ours from one of AWS's. */
  readonly reason: string;
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

/** `busy`: an earlier change is still being applied; `throttled`: the account's control plane is at its limit. */
export type ValveUpdate =
  | { readonly kind: "accepted" }
  | { readonly kind: "busy" }
  | { readonly kind: "throttled" };
