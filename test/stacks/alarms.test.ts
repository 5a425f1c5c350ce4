import { readProvider } from "@sluice/aws/file-catalog";
import { ALARM_NAMES, type AlarmName } from "@sluice/core/deployment";
import { beforeAll, describe, expect, test } from "vitest";
import {
  type AlarmResource,
  indexOf,
  type RunOptions,
  runAlarm,
  type Sample,
  type SampleIndex,
} from "../support/cloudwatch/alarm-run.ts";
import type { AlarmState } from "../support/cloudwatch/alarm-state.ts";
import { samplesOf } from "./alarm-minutes.ts";
import { QUIET, type Story, TROUBLE_FROM_MINUTE, TROUBLES } from "./alarm-stories.ts";
import { runStage, type StageRun } from "./graph.ts";
import { allOf } from "./resources.ts";

const PREPARING_MS = 300_000;
/** Minutes by which what is raised may come later where figures do. */
const LATE_MINUTES = 3;

const demo = await readProvider("demo");
let run: StageRun;
beforeAll(async () => {
  run = await runStage("demo");
}, PREPARING_MS);

/** What CloudWatch's documentation leaves open: each has to be right. */
const CLOUDS: readonly RunOptions[] = (["filled", "empty"] as const).flatMap((emptyFill) =>
  [0, 15].map((beyondCount) => ({ emptyFill, beyondCount, ignoresForDynamoDb: beyondCount > 0 })),
);

/** The ways in which figures arrive. */
const ARRIVALS: Readonly<Record<string, (samples: readonly Sample[]) => readonly Sample[]>> = {
  "in time": (samples) => samples,
  late: (samples) => samples.map((sample) => ({ ...sample, arrivesAtMinute: sample.minute + LATE_MINUTES })),
  "in jerks, the newest minutes missing": (samples) =>
    samples.map((sample) => ({
      ...sample,
      arrivesAtMinute: sample.minute + (sample.minute % 4 === 0 ? 0 : LATE_MINUTES),
    })),
};

/** Figures of a minute in eight are lost. */
const withGaps = (samples: readonly Sample[]) => samples.filter(({ minute }) => minute % 8 !== 5);

function statesOf(
  { minutes }: Story,
  index: SampleIndex,
  options: RunOptions,
): ReadonlyMap<AlarmName, readonly AlarmState[]> {
  const span = { fromMinute: 0, untilMinute: minutes.length };
  return new Map(
    allOf(run, "cloudwatch/metricAlarm").map(({ name, inputs }) => [
      name.replace(/Alarm$/, "") as AlarmName,
      runAlarm(inputs as unknown as AlarmResource, index, span, options),
    ]),
  );
}

const raisedIn = (states: ReadonlyMap<AlarmName, readonly AlarmState[]>) =>
  [...states].filter(([, each]) => each.includes("ALARM")).map(([name]) => name);

const timesRaised = (states: readonly AlarmState[]) =>
  states.filter((state, minute) => state === "ALARM" && states[minute - 1] !== "ALARM").length;

test("each alarm has a trouble", () => {
  const told = new Set(TROUBLES.flatMap(({ raised }) => raised));
  expect(ALARM_NAMES.filter((name) => !told.has(name))).toEqual([]);
});

describe.each(Object.entries(ARRIVALS))("with figures that arrive %s", (_, arriving) => {
  test.each(QUIET)("no alarm is raised by $name", async (story) => {
    const index = indexOf(arriving(await samplesOf(demo, story.minutes)));
    for (const options of CLOUDS) {
      expect({ options, raised: raisedIn(statesOf(story, index, options)) }).toEqual({
        options,
        raised: [],
      });
    }
  });

  test.each(TROUBLES)("$name: $raised", async (story) => {
    const index = indexOf(arriving(await samplesOf(demo, story.minutes)));
    for (const options of CLOUDS) {
      const states = statesOf(story, index, options);
      expect({ options, raised: raisedIn(states).toSorted() }).toEqual({ options, raised: story.raised });
      for (const name of story.raised) {
        const each = states.get(name) ?? [];
        const raisedAt = each.indexOf("ALARM");
        expect(raisedAt).toBeGreaterThanOrEqual(TROUBLE_FROM_MINUTE);
        expect(raisedAt).toBeLessThanOrEqual(story.byMinute + LATE_MINUTES);
        expect({ options, name, atEnd: each.at(-1) }).toEqual({ options, name, atEnd: "OK" });
        expect({ options, name, times: timesRaised(each) }).toEqual({ options, name, times: 1 });
      }
    }
  });
});

test.each(QUIET)("no alarm is raised by $name where minutes are lost", async (story) => {
  const index = indexOf(withGaps(await samplesOf(demo, story.minutes)));
  for (const options of CLOUDS) expect(raisedIn(statesOf(story, index, options))).toEqual([]);
});
