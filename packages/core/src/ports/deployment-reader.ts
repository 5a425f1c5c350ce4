import type { Lane } from "../provider/lane.ts";
import type { ValveReading } from "./valve.ts";

/**
 * Reader of what exists of one provider's deployment, for whoever examines it with credentials of his own. It never throws:
 * an answer that can't be had is an answer, too.
 */
export interface DeploymentReader {
  /** A queue's attributes; undefined if there is no such queue. */
  queue(role: QueueRole): Promise<Reading<QueueReading | undefined>>;
  /** The age of the oldest message of a queue, in ms; undefined if nothing was told of late, as of one that is empty. */
  oldestMessageAgeMs(role: QueueRole): Promise<Reading<number | undefined>>;
  /** The mapping from a lane's queue; undefined if there is none. */
  mapping(lane: Lane): Promise<Reading<MappingReading | undefined>>;
  /** A function; undefined if there is none of its name. */
  function(role: FunctionRole): Promise<Reading<FunctionReading | undefined>>;
  /** The actions, out of these, that a function's role is denied. */
  deniedActions(role: FunctionRole, needs: readonly PermissionNeed[]): Promise<Reading<readonly string[]>>;
  /** The concurrency of the account in the region. */
  concurrency(): Promise<Reading<ConcurrencyReading>>;
  /** The alarms of the stage. */
  alarms(): Promise<Reading<readonly AlarmReading[]>>;
  /** Those who are told what a topic is told: confirmed subscriptions. */
  subscriberCount(topicArn: string): Promise<Reading<number>>;
  /** The topics that an alarm of the stage failed to tell when it last tried. */
  untold(alarmName: string): Promise<Reading<readonly UntoldTopic[]>>;
  /** The clock of the cloud, read once. */
  clock(): Promise<Reading<ClockReading>>;
  /** The provider as its data file and its environment's have it; undefined where there are none to read. */
  configuredProvider(): Promise<Reading<unknown>>;
}

/**
 * An answer, or why there is none. `denied`: by IAM, and the permission that it takes; `not-here`: a cloud on this machine has
 * nothing of the kind.
 */
export type Reading<T> =
  | { readonly kind: "read"; readonly value: T }
  | { readonly kind: "denied"; readonly permission: string; readonly cause: string }
  | { readonly kind: "unreachable"; readonly cause: string }
  | { readonly kind: "not-here" };

/** A provider's queue: a lane's, or that of dead letters. */
export type QueueRole = Lane | "dead-letter";

/** A provider's function. */
export type FunctionRole = "ventilator" | "worker" | "waker";

/** A queue as SQS describes it. */
export interface QueueReading {
  readonly visibilityTimeoutMs: number;
  readonly retentionMs: number;
  /** Name of the queue that takes what is received too often; absent without one. */
  readonly deadLetterQueue?: string;
  readonly maxReceiveCount?: number;
  /** Absent if they may not be read. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** A mapping, and the function that it leads to. */
export interface MappingReading extends ValveReading {
  /** `relay`: to a developer who is attached. */
  readonly to: "ventilator" | "relay";
}

/** A function as Lambda describes it. */
export interface FunctionReading {
  /** The provider that it was deployed with, a JSON value; absent if it has none. */
  readonly provider?: unknown;
  /** Absent if nothing is reserved. */
  readonly reservedConcurrency?: number;
}

/** Actions that a function needs, as IAM names them, on each of these resources of its provider. */
export interface PermissionNeed {
  readonly actions: readonly string[];
  readonly on: "table" | "lanes" | "dead-letters" | "worker" | "everything";
}

/** The concurrent invocations of an account in a region. */
export interface ConcurrencyReading {
  readonly limit: number;
  /** Those that no function has reserved. */
  readonly unreserved: number;
}

/** An alarm as CloudWatch describes it. */
export interface AlarmReading {
  /** Its name without the stage's. */
  readonly name: string;
  readonly isRaised: boolean;
  /** ARNs of the topics that are told when it is raised; none if its actions are switched off. */
  readonly topicArns: readonly string[];
}

/** A topic that could not be told of an alarm, and why: its own policy, or that of the key that encrypts it. */
export interface UntoldTopic {
  readonly topicArn: string;
  readonly cause: string;
}

/** A reading of another clock: it showed this second between two instants of the own one. */
export interface ClockReading {
  readonly secondMs: number;
  readonly askedAtMs: number;
  readonly answeredAtMs: number;
}
