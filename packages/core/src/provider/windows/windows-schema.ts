import * as z from "zod";
import type { AccessWindow, AccessWindows } from "./access-windows.ts";
import { weekdaysOf } from "./weekdays.ts";

const TIME = "([01][0-9]|2[0-3]):[0-5][0-9]";

const text = (pattern: RegExp, error: string) => z.string(error).regex(pattern, error);

const listOf = <T>(item: z.ZodType<T>, max: number, what: string) => {
  const error = `must be a list of 1 to ${max} ${what}`;
  return z.array(item, error).check(z.minLength(1, error), z.maxLength(max, error));
};

const isDistinct = (values: readonly unknown[]) => new Set(values).size === values.length;

const DAY_RULE = "must be a day from mon to sun, or a range of days such as mon-fri";
const days = listOf(
  z.string(DAY_RULE).refine((name) => weekdaysOf(name) !== undefined, DAY_RULE),
  7,
  "days",
).refine((names) => isDistinct(names.flatMap((name) => weekdaysOf(name) ?? [])), "must name each day once");

const DATE_RULE = "must be a date from 2020-01-01 to 2099-12-31";
const dates = listOf(z.string(DATE_RULE).refine(isDate, DATE_RULE), 100, "dates").refine(
  isDistinct,
  "must name each date once",
);

const accessWindow: z.ZodType<AccessWindow> = z
  .strictObject(
    {
      days: z.exactOptional(days),
      dates: z.exactOptional(dates),
      from: z.exactOptional(text(new RegExp(`^${TIME}$`), "must be a time from 00:00 to 23:59")),
      to: z.exactOptional(text(new RegExp(`^(${TIME}|24:00)$`), "must be a time from 00:00 to 24:00")),
    },
    "must be an object",
  )
  .refine((window) => (window.days === undefined) !== (window.dates === undefined), "must have days or dates")
  .refine(({ from, to }) => (from === undefined) === (to === undefined), "must have from and to, or neither")
  .refine(
    ({ from, to }) => from === undefined || from !== to,
    "must have a from and a to that differ; a whole day has neither",
  );

const accessWindowList = listOf(accessWindow, 20, "windows").refine(
  (list) => isDistinct(list.map(({ days, dates, from, to }) => JSON.stringify([days, dates, from, to]))),
  "must name each window once",
);

/** Access windows, each within its own range; whether they leave enough time is checked apart. */
export const windowsSchema: z.ZodType<AccessWindows> = z
  .strictObject(
    { open: z.exactOptional(accessWindowList), closed: z.exactOptional(accessWindowList) },
    "must be an object",
  )
  .refine(({ open, closed }) => open !== undefined || closed !== undefined, "must have open or closed");

function isDate(name: string): boolean {
  return /^20[2-9]/.test(name) && z.iso.date().safeParse(name).success;
}
