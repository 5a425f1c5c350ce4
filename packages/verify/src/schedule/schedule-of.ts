import { MANY } from "../measure/updates/steps.ts";
import type { Lane, Schedule, Stage } from "./schedule.ts";
import { STAGES } from "./stages.ts";

/** The wishes that a schedule is made for. */
export interface ScheduleWishes {
  /** Ids of measurements; left out: all of them. */
  readonly only?: readonly string[] | undefined;
  /** Times that each update of a mapping is measured. */
  readonly rounds: number;
  /** One measurement at a time, and one round: nothing runs beside anything. */
  readonly isLong: boolean;
  /** Invocations at once that may be taken from the account; undefined if that is not known. */
  readonly freeConcurrency: number | undefined;
}

/** Schedules what is wished for, each measurement once. */
export function scheduleOf({ only, rounds, isLong, freeConcurrency = 0 }: ScheduleWishes): Schedule {
  const isWanted = (id: string) => only === undefined || only.includes(id);
  const benchesMax = isLong ? 1 : Math.max(1, Math.min(rounds, Math.floor(freeConcurrency / MANY)));
  const stages = STAGES.map((stage) => stage.flatMap((lane) => partOf(lane, isWanted, benchesMax)));
  const filled = stages.filter((stage) => stage.length > 0);
  return { stages: isLong ? filled.flatMap(oneByOne) : filled, rounds };
}

function partOf(lane: Lane, isWanted: (id: string) => boolean, benchesMax: number): readonly Lane[] {
  const measurements = lane.measurements.filter(({ id }) => isWanted(id));
  const [first, ...more] = lane.benches;
  return measurements.length === 0
    ? []
    : [{ benches: [first, ...more.slice(0, benchesMax - 1)], measurements }];
}

function oneByOne(stage: Stage): readonly Stage[] {
  return stage.flatMap(({ benches, measurements }) =>
    measurements.map((measurement) => [{ benches, measurements: [measurement] }]),
  );
}
