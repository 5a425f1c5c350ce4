import { type Lifecycle, type MappingState, stateOf, wantedSettings } from "./lifecycle.ts";
import type { MappingSettings } from "./settings.ts";

/** A mapping as AWS describes it. */
export interface MappingDescription {
  readonly uuid: string;
  readonly queueArn: string;
  readonly functionName: string;
  readonly state: MappingState;
  readonly stateTransitionReason: TransitionReason;
  /** The settings last asked for; in a transition those before are still in force. */
  readonly settings: MappingSettings;
  /** The instant of the last change of settings or state. */
  readonly lastModifiedAtMs: number;
}

/**
 * Whoever made the last change. The word for Lambda itself is documented nowhere; Sluice reads neither.
 * https://docs.aws.amazon.com/lambda/latest/api/API_EventSourceMappingConfiguration.html
 */
export type TransitionReason = "USER_INITIATED" | "LAMBDA_INITIATED";

/** The last step of a mapping's life. */
export interface LastChange {
  readonly atMs: number;
  readonly reason: TransitionReason;
}

/** The names of a mapping: each pair of queue and function exists once. */
export type MappingIdentity = Pick<MappingDescription, "uuid" | "queueArn" | "functionName">;

/** Describes a mapping. */
export function describeMapping(
  { uuid, queueArn, functionName }: MappingIdentity,
  lifecycle: Lifecycle,
  lastChange: LastChange,
): MappingDescription {
  return {
    uuid,
    queueArn,
    functionName,
    state: stateOf(lifecycle),
    stateTransitionReason: lastChange.reason,
    settings: wantedSettings(lifecycle),
    lastModifiedAtMs: lastChange.atMs,
  };
}
