import { ASSUMED_MAPPING, type MeasuredMapping } from "@sluice/sim/event-source-mapping";
import { type Finding, found } from "../measurement.ts";
import { spreadText } from "../spread.ts";
import { groupOrderOf } from "./group-order.ts";
import { STEPS, type Step } from "./steps.ts";
import type { UpdateRounds } from "./update-rounds.ts";

/** An update is relied on to be in force within this. */
const IN_FORCE_WITHIN_MS = 60_000;
/** As far as two looks and two clocks may be apart. */
const SAME_TIME_MS = 2_000;

/** The findings of some rounds of updates. */
export function findingsOf(rounds: UpdateRounds): readonly Finding[] {
  return [
    ...STEPS.map((step) => updateTime(rounds, step)),
    stateRunsAhead(rounds),
    receivedWhenDisabled(rounds),
    groupLock(rounds),
    deliveredTwice(rounds),
  ];
}

/** The measured times in the form that the model of mappings takes. */
export function measuredMappingOf({ runs }: UpdateRounds): MeasuredMapping {
  const secondsIn = (state: Step["state"]) =>
    runs
      .filter(({ step }) => step.state === state)
      .flatMap(({ observed }) => (observed.shownMs === undefined ? [] : [observed.shownMs / 1_000]));
  const states = (["Enabling", "Disabling", "Updating"] as const).map(
    (state) => [state, secondsIn(state)] as const,
  );
  return { updateSeconds: Object.fromEntries(states.filter(([, seconds]) => seconds.length > 0)) };
}

function updateTime({ runs }: UpdateRounds, step: Step): Finding {
  const [min, max] = ASSUMED_MAPPING.updateSeconds;
  const about = {
    row: "update-time",
    what: `from the answer to an update to its effect: ${step.what}`,
    assumed: `within ${IN_FORCE_WITHIN_MS / 1_000} s; the lab draws ${min} to ${max} s`,
  };
  const observed = runs.filter((run) => run.step === step).map((run) => run.observed);
  const shown = observed.flatMap(({ shownMs }) => shownMs ?? []);
  const missing = observed.length - shown.length;
  const isInTime = missing === 0 && shown.every((ms) => ms <= IN_FORCE_WITHIN_MS);
  return found(about, isInTime, `${spreadText(shown)}${missing === 0 ? "" : `; ${missing} not in time`}`);
}

function stateRunsAhead({ runs }: UpdateRounds): Finding {
  const about = {
    row: "state-runs-ahead",
    what: "the effect of an update, counted from the state that says that it is done",
    assumed: "with it in the lab; up to 10 s later in fault days",
  };
  const lags = runs.flatMap(({ observed: { shownMs, settledMs } }) =>
    shownMs === undefined || settledMs === undefined ? [] : [shownMs - settledMs],
  );
  return found(
    about,
    lags.every((ms) => ms <= SAME_TIME_MS),
    spreadText(lags),
  );
}

function receivedWhenDisabled({ leftBehind, runs }: UpdateRounds): Finding {
  const about = {
    row: "received-when-disabled",
    what: "messages that were received when their mapping was disabled",
    assumed: "handed over: none stays hidden, and none was received in vain",
  };
  const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
  const inVain = sum(leftBehind.map(({ receivedInVain }) => receivedInVain));
  const hidden = sum(leftBehind.map((one) => one.hidden));
  const late = sum(
    runs.filter(({ step }) => step.state === "Disabling").map((run) => run.observed.begunSettled),
  );
  return found(
    about,
    inVain === 0 && hidden === 0,
    `${inVain} received in vain, ${hidden} hidden; ${late} batches began after the state said Disabled`,
  );
}

function groupLock({ invocations }: UpdateRounds): Finding {
  const about = {
    row: "group-lock",
    what: "messages of a group, one after the other",
    assumed: "in their order, none while an earlier one is held",
  };
  const { messages, outOfOrder, overlapping } = groupOrderOf(invocations);
  return found(
    about,
    outOfOrder === 0 && overlapping === 0,
    `of ${messages} messages ${outOfOrder} out of order, ${overlapping} while an earlier one was held`,
  );
}

function deliveredTwice({ invocations }: UpdateRounds): Finding {
  const about = { row: "delivered-twice", what: "messages that came twice", assumed: "some may" };
  const { messages, repeated } = groupOrderOf(invocations);
  return found(about, true, `${repeated} of ${messages}`);
}
