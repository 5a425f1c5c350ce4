import { clockSkew } from "./clock-skew.ts";
import { controlPlane } from "./control-plane/control-plane.ts";
import { functionArnCondition } from "./control-plane/function-arn-condition.ts";
import type { Measurement } from "./measurement.ts";
import { groupLock } from "./queues/group-lock.ts";
import { lateDeletion } from "./queues/late-deletion.ts";
import { redrive } from "./queues/redrive.ts";
import { ramp } from "./ramp/ramp.ts";
import { updates } from "./updates/updates.ts";

/** All measurements, in the order in which they run. */
export const MEASUREMENTS: readonly Measurement[] = [
  lateDeletion,
  groupLock,
  redrive,
  functionArnCondition,
  controlPlane,
  clockSkew,
  updates,
  ramp,
];
