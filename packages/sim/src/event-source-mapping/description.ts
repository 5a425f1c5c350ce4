import { type Lifecycle, type MappingState, stateOf, wantedSettings } from "./lifecycle.ts";
import type { MappingSettings } from "./settings.ts";

/** A mapping as AWS describes it. */
export interface MappingDescription {
  readonly uuid: string;
  readonly queueArn: string;
  readonly functionName: string;
  readonly state: MappingState;
  /** Always the user: this model never changes a mapping by itself, as AWS may. */
  readonly stateTransitionReason: "USER_INITIATED";
  /** The settings last asked for; in a transition those before are still in force. */
  readonly settings: MappingSettings;
  /** When settings or state last changed. */
  readonly lastModifiedAtMs: number;
}

/** What tells one mapping from another: its pair of queue and function exists once. */
export type MappingIdentity = Pick<MappingDescription, "uuid" | "queueArn" | "functionName">;

/** Describes a mapping. */
export function describeMapping(
  { uuid, queueArn, functionName }: MappingIdentity,
  lifecycle: Lifecycle,
  lastModifiedAtMs: number,
): MappingDescription {
  return {
    uuid,
    queueArn,
    functionName,
    state: stateOf(lifecycle),
    stateTransitionReason: "USER_INITIATED",
    settings: wantedSettings(lifecycle),
    lastModifiedAtMs,
  };
}
