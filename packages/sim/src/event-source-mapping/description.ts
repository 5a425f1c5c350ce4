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
  /** The instant of the last change of settings or state. */
  readonly lastModifiedAtMs: number;
}

/** The names of a mapping: each pair of queue and function exists once. */
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
