import type { Scenario } from "../../provider-simulator/scenario.ts";
import type { TimeLine } from "../../provider-simulator/time-line.ts";
import { roundedDown, withoutSpan, withRounderMinutes, withScaledMinutes } from "./lines.ts";

/** Spans that are cut out, in parts of the duration: the end and the beginning first. */
const SPANS = [
  [1 / 2, 1],
  [0, 1 / 2],
  [3 / 4, 1],
  [0, 1 / 4],
  [1 / 4, 1 / 2],
  [1 / 2, 3 / 4],
] as const;
/** Parts of the whole that are tried instead, the smallest first. */
const SCALES = [1 / 2, 3 / 4] as const;
/** Durations are told in tenths of a minute, and are no shorter than this. */
const DURATION_DECIMALS = 1;
const DURATION_MIN_MINUTES = 1;

/** The same in less time: all that happens is as much shorter as the backlog is smaller. */
export function* smallerScale(scenario: Scenario): Generator<Scenario> {
  const { durationMinutes, backlog } = scenario;
  for (const scale of SCALES) {
    const shorterMinutes = roundedDown(durationMinutes * scale, DURATION_DECIMALS);
    if (shorterMinutes < DURATION_MIN_MINUTES || shorterMinutes === durationMinutes) continue;
    yield {
      ...withLines(scenario, (line) => withScaledMinutes(line, shorterMinutes / durationMinutes)),
      durationMinutes: shorterMinutes,
      backlog: Math.floor(backlog * scale),
    };
  }
}

/** Shorter scenarios: without a span of time, whatever happens in it. */
export function* shorterTime(scenario: Scenario): Generator<Scenario> {
  const { durationMinutes } = scenario;
  const cutAt = (part: number) =>
    part === 1 ? durationMinutes : roundedDown(durationMinutes * part, DURATION_DECIMALS);
  for (const [from, until] of SPANS) {
    const [fromMinute, untilMinute] = [cutAt(from), cutAt(until)];
    const left = Number((durationMinutes - (untilMinute - fromMinute)).toFixed(DURATION_DECIMALS));
    if (left < DURATION_MIN_MINUTES || left >= durationMinutes) continue;
    yield {
      ...withLines(scenario, (line) => withoutSpan(line, fromMinute, untilMinute)),
      durationMinutes: left,
    };
  }
}

/** The same with changes at whole minutes, or at tenths or hundredths of one. */
export function* rounderMinutes(scenario: Scenario): Generator<Scenario> {
  for (const decimals of [0, 1, 2]) {
    const rounder = withLines(scenario, (line) => withRounderMinutes(line, decimals));
    if (JSON.stringify(rounder) !== JSON.stringify(scenario)) yield rounder;
  }
}

function withLines(scenario: Scenario, lineFor: (line: TimeLine) => TimeLine): Scenario {
  const { provider, arrivalsPerMinute } = scenario;
  return {
    ...scenario,
    arrivalsPerMinute: lineFor(arrivalsPerMinute),
    provider: {
      ...provider,
      capacity: lineFor(provider.capacity),
      faultRatio: lineFor(provider.faultRatio),
      latencyFactor: lineFor(provider.latencyFactor),
    },
  };
}
