import type { AccessWindow, AccessWindows } from "@sluice/core/provider";
import fc from "fast-check";

const twoDigits = (value: number) => String(value).padStart(2, "0");

/** Often in the small hours, in which clocks are changed, and often whole quarters. */
const minuteOfDay = fc.oneof(
  fc.integer({ min: 0, max: 95 }).map((quarters) => quarters * 15),
  fc.integer({ min: 0, max: 24 }).map((quarters) => quarters * 15),
  fc.integer({ min: 0, max: 1_439 }),
);
const timeOfDay = minuteOfDay.map(
  (minute) => `${twoDigits(Math.floor(minute / 60))}:${twoDigits(minute % 60)}`,
);

const hours = fc.oneof(
  fc.constant({}),
  fc
    .record({ from: timeOfDay, to: fc.oneof(timeOfDay, fc.constant("24:00")) })
    .filter(({ from, to }) => from !== to),
);

const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const days = fc.oneof(
  fc.subarray(WEEKDAYS, { minLength: 1 }),
  fc
    .uniqueArray(fc.constantFrom(...WEEKDAYS), { minLength: 2, maxLength: 2 })
    .map((ends) => [ends.join("-")]),
);

/** Any list of windows, on days of the week or on some of the dates. */
function anyWindowList(dates: readonly string[]): fc.Arbitrary<AccessWindow[]> {
  const dated = fc.record({ dates: fc.subarray([...dates], { minLength: 1, maxLength: 3 }) });
  const window = fc
    .tuple(fc.oneof({ weight: 3, arbitrary: fc.record({ days }) }, { weight: 1, arbitrary: dated }), hours)
    .map(([on, time]): AccessWindow => ({ ...on, ...time }));
  return fc.uniqueArray(window, { minLength: 1, maxLength: 4, selector: (one) => JSON.stringify(one) });
}

/** Any access windows that a data file may have, but for how much time they leave. */
export function anyWindows(dates: readonly string[]): fc.Arbitrary<AccessWindows> {
  const list = anyWindowList(dates);
  return fc.oneof(
    fc.record({ open: list }),
    fc.record({ closed: list }),
    fc.record({ open: list, closed: list }),
  );
}

/** Any windows that leave hours open, so that the longest call fits. */
export const anyRoomyWindows: fc.Arbitrary<AccessWindows> = fc
  .record({ fromHour: fc.integer({ min: 0, max: 20 }), hours: fc.integer({ min: 2, max: 22 }), days })
  .map(({ fromHour, hours: length, days: names }) => ({
    open: [
      { days: names, from: `${twoDigits(fromHour)}:00`, to: `${twoDigits((fromHour + length) % 24)}:00` },
    ],
    closed: [{ dates: ["2026-12-25"] }],
  }));
