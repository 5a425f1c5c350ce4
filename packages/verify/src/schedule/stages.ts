import { clockSkew } from "../measure/clock-skew.ts";
import { controlPlane } from "../measure/control-plane/control-plane.ts";
import { functionArnCondition } from "../measure/control-plane/function-arn-condition.ts";
import type { Measurement } from "../measure/measurement.ts";
import { groupLock } from "../measure/queues/group-lock.ts";
import { lateDeletion } from "../measure/queues/late-deletion.ts";
import { redrive } from "../measure/queues/redrive.ts";
import { ramp } from "../measure/ramp/ramp.ts";
import { updates } from "../measure/updates/updates.ts";
import type { Stage } from "./schedule.ts";

/** Rounds of updates side by side, each on a bench of its own: more of them would ask the control plane for more. */
export const UPDATE_BENCHES = ["load-1", "load-2", "load-3"] as const;

/**
 * All measurements, and what runs beside what. All of them share the account's throttles and this machine; queues, functions
 * and mappings are a bench's own. So:
 *
 * - `late-deletion`, `group-lock` and `redrive` beside `function-arn-condition` and `control-plane`: the first three call nothing
 *   but SQS, on queues that no mapping polls, a call or two a second of the thousands that SQS takes. The other two call nothing
 *   but Lambda, and their mappings stay disabled.
 * - `late-deletion`, `group-lock` and `redrive` one after the other: they need the same queue, and take two minutes together.
 * - `function-arn-condition` before `control-plane`, on one bench: both rest on the answer to a single update. A throttled one of
 *   the first would be taken for a denial; a second update of the other that is sent again later would come after the change that
 *   it is to meet.
 * - `updates` apart from those two for the same reason: three rounds ask up to seven times in a second, of the fifteen that an account has.
 * - Rounds of `updates` beside one another: each has a queue, a mapping with its pollers, a function with its environments and a table of its
 *   own. They share the account's invocations, ten each, of which they take no more than may be taken, and the control plane,
 *   which has room: neither makes a change later. Environments turn many mappings in one minute all the time.
 * - `clock-skew` alone: its calls tell the more of clocks the quicker they are answered, and twenty are made at once.
 * - `ramp` alone: it takes a hundred invocations at once. Others' would lower what it can grow to, and its own would have others throttled.
 *   It is last, so that a mapping that is left enabled with a backlog disturbs nothing.
 *
 * The last three need the same kind of bench, and have it one after the other.
 */
export const STAGES: readonly Stage[] = [
  [
    { benches: ["queues"], measurements: [lateDeletion, groupLock, redrive] },
    { benches: ["settings"], measurements: [functionArnCondition, controlPlane] },
  ],
  [{ benches: [UPDATE_BENCHES[0]], measurements: [clockSkew] }],
  [{ benches: UPDATE_BENCHES, measurements: [updates] }],
  [{ benches: [UPDATE_BENCHES[0]], measurements: [ramp] }],
];

/** All measurements, in the order in which they begin. */
export const MEASUREMENTS: readonly Measurement[] = STAGES.flat().flatMap(({ measurements }) => measurements);
