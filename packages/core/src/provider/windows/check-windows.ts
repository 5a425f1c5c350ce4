import { LAMBDA_VARIABLES_MAX_BYTES } from "../../aws-bounds.ts";
import type { Provider } from "../provider.ts";
import type { AccessWindows } from "./access-windows.ts";
import { difference, type Interval } from "./intervals.ts";
import { DAY_MS, type WallWindows, wallWindowsOf, weekdayOf } from "./wall-windows.ts";
import { weekOf } from "./week.ts";
import { WEEKDAYS } from "./weekdays.ts";

/** Time in which an opening is noticed: the waker, and with it the valve, looks each minute. */
const START_MARGIN_MS = 60_000;

/** A time without end. */
const ALWAYS: Interval = { fromMs: Number.NEGATIVE_INFINITY, untilMs: Number.POSITIVE_INFINITY };

/** No window names an earlier date than this one; the ordinary week lies before it. */
const DATES_FROM_MS = Date.UTC(2019, 11, 1);

/** Most of the windows as JSON: the rest of a function's variables needs the other half. */
const WINDOWS_MAX_BYTES = LAMBDA_VARIABLES_MAX_BYTES / 2;

/**
 * Checks that access windows leave enough time to call the provider; one sentence for each thing that is wrong. What
 * closed dates leave of an opening of the week may be any time.
 */
export function checkWindows({ windows, worker }: Pick<Provider, "windows" | "worker">): string[] {
  if (windows === undefined) return [];
  const json = JSON.stringify(windows);
  const openings = openingsOf(windows);
  const leastMs = worker.timeoutMs + START_MARGIN_MS;
  return [
    ...(json.length > WINDOWS_MAX_BYTES
      ? [`windows must be at most ${WINDOWS_MAX_BYTES} characters of JSON, received ${json.length}`]
      : []),
    ...(openings.length === 0 ? [`windows must leave some time open, received ${json}`] : []),
    ...openings
      .filter(({ fromMs, untilMs }) => untilMs - fromMs < leastMs)
      .map(
        (opening) =>
          `windows must leave each opening at least worker.timeoutMs + ${START_MARGIN_MS} (${leastMs}), received ${opening.untilMs - opening.fromMs} from ${shown(opening)}`,
      ),
  ];
}

/** Openings of an ordinary week, and on the dates that `open` names. */
function openingsOf(windows: AccessWindows): Interval[] {
  const wall = wallWindowsOf(windows);
  const week = weekOf(wall);
  if (week.kind === "always-open") return [ALWAYS];
  return [...(week.kind === "changing" ? week.openings : []), ...datedOpenings(windows, wall)];
}

function datedOpenings({ open = [] }: AccessWindows, wall: WallWindows): Interval[] {
  const dated = wallWindowsOf({ open: open.filter(({ dates }) => dates !== undefined) });
  const openings = dated.datesMs.flatMap((dateMs) => {
    const around = { fromMs: dateMs - 2 * DAY_MS, untilMs: dateMs + 4 * DAY_MS };
    const windows = dated.open({ fromMs: dateMs, untilMs: dateMs + DAY_MS });
    return difference(wall.open(around), wall.closed(around)).filter((opening) =>
      windows.some(({ fromMs, untilMs }) => opening.fromMs < untilMs && fromMs < opening.untilMs),
    );
  });
  return [...new Map(openings.map((opening) => [opening.fromMs, opening])).values()];
}

function shown({ fromMs }: Interval): string {
  const text = new Date(fromMs).toISOString();
  const day = fromMs < DATES_FROM_MS ? WEEKDAYS[weekdayOf(fromMs)] : text.slice(0, 10);
  return `${day} ${text.slice(11, 16)}`;
}
