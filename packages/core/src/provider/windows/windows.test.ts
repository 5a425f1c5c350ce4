import { anyWindows } from "@sluice/testing/any-windows";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ProviderInvalid, parseDeployedProvider, parseProvider } from "../parse-provider.ts";

const VALID = {
  id: "demo",
  maxConcurrency: 3,
  slowAfterMs: 100,
  timeoutMs: 28_000,
  latency: { medianMs: 10, sigma: 0.5, minMs: 1, maxMs: 100 },
  worker: { name: "demo", timeoutMs: 30_000 },
};

function problemsOf(windows: unknown): readonly string[] {
  try {
    parseProvider({ ...VALID, windows }, "demo.json");
  } catch (thrown) {
    if (thrown instanceof ProviderInvalid) return thrown.problems;
    throw thrown;
  }
  return [];
}

const DAY_RULE = "must be a day from mon to sun, or a range of days such as mon-fri";
const DATE_RULE = "must be a date from 2020-01-01 to 2099-12-31";
const DIFFER = "must have a from and a to that differ; a whole day has neither";
const open = (...windows: object[]) => ({ open: windows });
const days = ["mon"];

test.each<[problem: string, windows: unknown]>([
  ["windows must be an object, received true", true],
  ["windows must have open or closed, received {}", {}],
  ["windows.opened is not an option", { ...open({ days }), opened: [] }],
  ["windows.open must be a list of 1 to 20 windows, received []", { open: [] }],
  ['windows.closed must be a list of 1 to 20 windows, received "mon"', { closed: "mon" }],
  ['windows.open.0 must be an object, received "mon"', { open: ["mon"] }],
  ["windows.open.0.day is not an option", open({ days, day: "mon" })],
  ["windows.open.0 must have days or dates, received {}", open({})],
  [
    'windows.open.0 must have days or dates, received {"days":["mon"],"dates":["2026-12-25"]}',
    open({ days, dates: ["2026-12-25"] }),
  ],
  ['windows.open.0.days must be a list of 1 to 7 days, received "mon"', open({ days: "mon" })],
  ["windows.open.0.days must be a list of 1 to 7 days, received []", open({ days: [] })],
  ...["", "Mon", "monday", "mon-", "-mon", "mon-fri-sat", "mon-mon", "mon - fri"].map(
    (day): [string, unknown] => [
      `windows.open.0.days.0 ${DAY_RULE}, received ${JSON.stringify(day)}`,
      open({ days: [day] }),
    ],
  ),
  [`windows.open.0.days.1 ${DAY_RULE}, received 1`, open({ days: ["mon", 1] })],
  [
    'windows.open.0.days must name each day once, received ["sun","fri-mon"]',
    open({ days: ["sun", "fri-mon"] }),
  ],
  ...["2026-02-30", "2027-02-29", "2026-2-3", "25.12.2026", "2019-12-31", "2100-01-01", ""].map(
    (date): [string, unknown] => [
      `windows.closed.0.dates.0 ${DATE_RULE}, received "${date}"`,
      { closed: [{ dates: [date] }] },
    ],
  ),
  [
    'windows.closed.0.dates must name each date once, received ["2026-12-25","2026-12-25"]',
    { closed: [{ dates: ["2026-12-25", "2026-12-25"] }] },
  ],
  [
    'windows.open.0 must have from and to, or neither, received {"days":["mon"],"from":"08:00"}',
    open({ days, from: "08:00" }),
  ],
  [
    'windows.open.0 must have from and to, or neither, received {"days":["mon"],"to":"08:00"}',
    open({ days, to: "08:00" }),
  ],
  [
    `windows.open.0 ${DIFFER}, received {"days":["mon"],"from":"08:00","to":"08:00"}`,
    open({ days, from: "08:00", to: "08:00" }),
  ],
  ...["24:00", "8:00", "08:60", "08", "08:00:00", " 08:00"].map((from): [string, unknown] => [
    `windows.open.0.from must be a time from 00:00 to 23:59, received "${from}"`,
    open({ days, from, to: "09:00" }),
  ]),
  [
    'windows.open.0.to must be a time from 00:00 to 24:00, received "24:01"',
    open({ days, from: "08:00", to: "24:01" }),
  ],
  [
    'windows.open must name each window once, received [{"days":["mon"]},{"days":["mon"]}]',
    open({ days }, { days }),
  ],
])("refuses: %s", (problem, windows) => {
  expect(problemsOf(windows)).toEqual([problem]);
});

test.each<[what: string, windows: object]>([
  ["closed all week", { closed: [{ days: ["fri-thu"] }] }],
  ["open only while it is closed", { ...open({ days }), closed: [{ days: ["sun-tue"] }] }],
  [
    "open on a date that is closed",
    { ...open({ dates: ["2026-12-25"] }), closed: [{ dates: ["2026-12-25"] }] },
  ],
  [
    "closed all week in parts",
    {
      closed: [
        { days: ["mon-sun"], from: "22:00", to: "08:00" },
        { days: ["mon-sun"], from: "07:00", to: "22:30" },
      ],
    },
  ],
])("refuses what is never open: %s", (_, windows) => {
  expect(problemsOf(windows)).toEqual([
    `windows must leave some time open, received ${JSON.stringify(windows)}`,
  ]);
});

const tooShort = (openMs: number, at: string) =>
  `windows must leave each opening at least worker.timeoutMs + 60000 (90000), received ${openMs} from ${at}`;

test.each<[problem: string, windows: object]>([
  [tooShort(60_000, "mon 20:00"), open({ days, from: "20:00", to: "20:01" }, { days: ["tue"] })],
  [
    tooShort(60_000, "sun 23:59"),
    {
      ...open({ days: ["sun"], from: "23:00", to: "06:00" }),
      closed: [{ days: ["sun"], from: "23:00", to: "23:59" }, { days }],
    },
  ],
  [
    tooShort(60_000, "2026-12-24 20:00"),
    open({ days: ["sun"] }, { dates: ["2026-12-24"], from: "20:00", to: "20:01" }),
  ],
])("refuses an opening in which no call could end: %s", (problem, windows) => {
  expect(problemsOf(windows)).toEqual([problem]);
});

test("refuses what does not fit into a function's variables", () => {
  const dates = Array.from({ length: 90 }, (_, at) =>
    new Date(Date.UTC(2026, 0, 1 + at)).toISOString().slice(0, 10),
  );
  const later = dates.map((date) => date.replace("2026", "2027"));
  expect(problemsOf({ closed: [{ dates }] })).toEqual([]);
  expect(problemsOf({ closed: [{ dates }, { dates: later }] })).toEqual([
    "windows must be at most 2048 characters of JSON, received 2376",
  ]);
});

test.each<[what: string, windows: object]>([
  ["nights and week-ends", open({ days: ["mon-fri"], from: "20:00", to: "06:00" }, { days: ["sat", "sun"] })],
  [
    "two short windows that adjoin over midnight",
    open(
      { days, from: "23:59", to: "24:00" },
      { days: ["tue"], from: "00:00", to: "00:01" },
      { days: ["tue"], from: "00:01", to: "00:02" },
    ),
  ],
  ["the shortest opening", open({ days, from: "08:00", to: "08:02" })],
  ["an end at midnight", open({ days, from: "08:00", to: "00:00" })],
  [
    "a remnant that a closed date leaves",
    {
      ...open({ days: ["thu"], from: "23:59", to: "06:00" }),
      closed: [{ dates: ["2026-12-25"] }],
    },
  ],
  ["dates alone", open({ dates: ["2026-12-24"] })],
])("takes %s", (_, windows) => {
  expect(problemsOf(windows)).toEqual([]);
});

test("whatever the windows, they are taken as they are or refused for the time that they leave", () => {
  fc.assert(
    fc.property(anyWindows(["2026-12-24", "2026-12-25", "2028-02-29"]), (windows) => {
      const problems = problemsOf(windows);
      for (const problem of problems) expect(problem).toMatch(/^windows must leave /);
      if (problems.length > 0) return;
      const provider = parseProvider({ ...VALID, windows }, "in a test");
      expect(parseDeployedProvider(JSON.parse(JSON.stringify(provider)), "in a test").windows).toEqual(
        windows,
      );
    }),
  );
});

test("a deployment may hand over windows that calls under a debugger outlast", () => {
  const windows = open({ days, from: "08:00", to: "08:02" });
  const provider = parseProvider({ ...VALID, windows }, "in a test");
  const longer = { ...provider, worker: { ...provider.worker, timeoutMs: 60_000 } };
  expect(parseDeployedProvider(longer, "in a test").windows).toEqual(windows);
});
