import type { AlarmName } from "@sluice/core/deployment";
import type { Evidence } from "@sluice/core/law";
import { byLane } from "@sluice/core/provider";
import { atMs, awsMetricsOf, type Minute, NO_MESSAGES, seenMapping, WANTED } from "./alarm-minutes.ts";

/** What happens in minute after minute. */
export interface Story {
  readonly name: string;
  readonly minutes: readonly Minute[];
}

/** A story with trouble: the alarms that are raised, all by a minute, and over at the end. */
export interface TroubleStory extends Story {
  readonly raised: readonly AlarmName[];
  readonly byMinute: number;
}

const HOUR_MS = 60 * 60_000;
const AWS = awsMetricsOf("demo");
const { errors, letters, throttles } = AWS;

/** Minutes of each story before anything happens. */
const CALM = 90;
/** Minutes after it: what is over has to show within two hours. */
const AFTER = 130;

const backlog = (visibleCount: number) => ({
  records: { visibleCount, inFlightCount: 10 },
  express: NO_MESSAGES,
});
const ok = (okCount: number): Partial<Evidence> => ({ okCount });

const IDLE: Minute = {};
/** Full flow, of which AWS tells that nothing is wrong. */
const FLOW: Minute = {
  outcomes: ok(100),
  queued: backlog(5_000),
  oldestMessageAgeMs: HOUR_MS,
  aws: {
    [errors("ventilator")]: 0,
    [errors("worker")]: 0,
    [errors("waker")]: 0,
    [throttles]: 0,
    [letters]: 0,
    [AWS.age("records")]: 3_600,
  },
};
const flow = (changes: Minute): Minute => ({ ...FLOW, ...changes });
/** The breaker is open, and messages wait. */
const OPEN: Minute = {
  queued: backlog(5_000),
  control: { phase: "open", limit: 10, target: 10, epoch: 2, probeAtMs: 0, isValveKept: false },
  mappings: byLane(() => seenMapping("disabled", { ...WANTED, isEnabled: false })),
};
/** The breaker is open because of Sluice's own side. */
const HELD_BY_OWN_SIDE: Minute = {
  ...OPEN,
  control: {
    phase: "open",
    limit: 1,
    target: 1,
    epoch: 2,
    probeAtMs: 0,
    isValveKept: false,
    reason: "environment",
  },
};
/** Closed, but shut by plan until long after: an operator's hold, a closed window, a quota that is used up. */
const shutByPlan = (status: Minute["status"] = {}): Minute => ({
  queued: backlog(5_000),
  mappings: byLane(() => seenMapping("disabled", { ...WANTED, isEnabled: false })),
  status: { plannedUntilMs: atMs(100_000), ...status },
});

const times = (count: number, minute: Minute): Minute[] => Array.from({ length: count }, () => minute);

/** Situations in which nobody has to be told. */
export const QUIET: readonly Story[] = [
  { name: "nothing to do", minutes: times(300, IDLE) },
  { name: "full flow", minutes: times(300, FLOW) },
  { name: "no data at all", minutes: times(300, { isSilent: true }) },
  {
    name: "a fresh deploy, whose first round comes after a few minutes",
    minutes: [
      ...times(4, { isSilent: true }),
      ...times(3, { mappings: byLane(() => seenMapping("enabling")) }),
      ...times(60, IDLE),
      ...times(2, { queued: backlog(50) }),
      ...times(120, FLOW),
    ],
  },
  {
    name: "a deploy under load: no round for three minutes, and the mapping is made anew",
    minutes: [
      ...times(CALM, FLOW),
      ...times(3, { isSilent: true }),
      ...times(2, mappingOff()),
      ...times(AFTER, FLOW),
    ],
  },
  {
    name: "a hold of an operator's for three hours",
    minutes: [
      ...times(CALM, FLOW),
      ...times(180, shutByPlan({ orderedFromMs: atMs(CALM) })),
      ...times(AFTER, FLOW),
    ],
  },
  {
    name: "an outage while it is held",
    minutes: [
      ...times(CALM, FLOW),
      ...times(180, { ...OPEN, status: { plannedUntilMs: atMs(100_000), orderedFromMs: atMs(CALM) } }),
      ...times(AFTER, FLOW),
    ],
  },
  {
    name: "a closed window of eight hours",
    minutes: [
      ...times(CALM, FLOW),
      ...times(480, shutByPlan()),
      ...times(2, { queued: backlog(9) }),
      ...times(AFTER, FLOW),
    ],
  },
  {
    name: "a provider that asks to be left alone for an hour",
    minutes: [
      ...times(CALM, FLOW),
      ...times(60, { queued: backlog(5_000), status: { heldUntilMs: atMs(100_000) } }),
      ...times(AFTER, FLOW),
    ],
  },
  {
    name: "a quota that is used up until tomorrow",
    minutes: [
      ...times(CALM, FLOW),
      ...times(180, { ...shutByPlan({ plannedUntilMs: 0 }), quotaHeldUntilMs: byLane(() => atMs(100_000)) }),
      ...times(AFTER, FLOW),
    ],
  },
  {
    name: "an outage of half an hour",
    minutes: [...times(CALM, FLOW), trip(), ...times(29, OPEN), ...times(AFTER, FLOW)],
  },
  {
    name: "a breaker that waits for a record to probe with",
    minutes: [
      ...times(CALM, IDLE),
      ...times(180, { control: { phase: "half-open", limit: 1, target: 1, epoch: 3, isValveKept: false } }),
      ...times(AFTER, IDLE),
    ],
  },
  {
    name: "a control plane that answers nobody for two hours",
    minutes: [
      ...times(CALM, FLOW),
      ...times(120, flow({ mappings: byLane(() => undefined) })),
      ...times(AFTER, FLOW),
    ],
  },
  {
    name: "queues that can't be asked for an hour",
    minutes: [...times(CALM, FLOW), ...times(60, flow({ areQueuesUnreadable: true })), ...times(AFTER, FLOW)],
  },
  {
    name: "one call after the other, each as long as it may be",
    minutes: Array.from({ length: 300 }, (_, minute) =>
      flow({ outcomes: minute % 2 === 0 ? ok(1) : {}, oldestMessageAgeMs: HOUR_MS }),
    ),
  },
  {
    name: "a failed record that is tried each hour, with another message behind it",
    minutes: Array.from({ length: 300 }, (_, minute) => ({
      queued: { records: { visibleCount: 1, inFlightCount: 1 }, express: NO_MESSAGES },
      outcomes: minute % 60 === 0 ? { faultCount: 1 } : {},
    })),
  },
  {
    name: "stragglers of yesterday among those of today",
    minutes: Array.from({ length: 300 }, (_, minute) =>
      flow({ oldestMessageAgeMs: minute % 5 === 0 ? 22 * HOUR_MS : HOUR_MS }),
    ),
  },
  {
    name: "a throttle now and then",
    minutes: Array.from({ length: 300 }, (_, minute) =>
      flow({ aws: { ...FLOW.aws, [throttles]: minute % 3, ...(minute % 4 === 0 && { [AWS.writes]: 5 }) } }),
    ).map((minute, index) => (index % 2 === 0 ? minute : FLOW)),
  },
  {
    name: "starts that could not begin, fewer than did",
    minutes: times(300, flow({ outcomes: { okCount: 20, unavailableCount: 15 } })),
  },
];

function trip(): Minute {
  return { ...OPEN, hasTripped: true };
}

function mappingOff(): Minute {
  return { queued: backlog(5_000), mappings: byLane(() => seenMapping("disabled")) };
}

interface Trouble {
  readonly name: string;
  readonly raised: readonly AlarmName[];
  readonly during: readonly Minute[];
  /** Minutes after which it is raised, at the latest; by default at the end of it. */
  readonly within?: number;
  readonly calm?: Minute;
}

/** What somebody has to be told of: in it the alarm is raised, before and at the end it is not. */
export const TROUBLES: readonly TroubleStory[] = (
  [
    {
      name: "an outage of two hours",
      raised: ["BreakerOpen"],
      during: [trip(), ...times(119, OPEN)],
      within: 50,
    },
    {
      name: "an outage with a minute in between now and then",
      raised: ["BreakerOpen"],
      during: [trip(), ...Array.from({ length: 119 }, (_, minute) => (minute % 20 === 10 ? FLOW : OPEN))],
      within: 60,
    },
    {
      name: "a provider that falls over as soon as it is back",
      raised: ["BreakerTrips"],
      during: [1, 2, 3].flatMap(() => [trip(), ...times(3, OPEN), ...times(8, FLOW)]),
    },
    {
      name: "workers that can't be loaded, while few records come",
      raised: ["WorkersCantBegin"],
      during: times(20, { outcomes: { unavailableCount: 1 }, queued: backlog(3) }),
      within: 6,
    },
    {
      name: "a hold because calls can't begin",
      raised: ["WorkersCantBegin"],
      during: times(60, HELD_BY_OWN_SIDE),
      within: 6,
    },
    {
      name: "a provider that rejects everything",
      raised: ["EverythingRejected"],
      during: times(60, {
        ...HELD_BY_OWN_SIDE,
        control: { ...HELD_BY_OWN_SIDE.control, isAllRejected: true } as NonNullable<Minute["control"]>,
      }),
      within: 5,
    },
    {
      name: "a mapping that is shut again and again",
      raised: ["Standstill"],
      during: times(60, { ...mappingOff(), queued: byLane(() => NO_MESSAGES) }),
      within: 20,
      calm: IDLE,
    },
    {
      name: "a mapping that is gone",
      raised: ["Standstill"],
      during: times(
        60,
        flow({
          mappings: { records: seenMapping("enabled"), express: { reading: undefined, wanted: WANTED } },
        }),
      ),
      within: 20,
    },
    {
      name: "a backlog that nobody works on",
      raised: ["Standstill"],
      during: times(60, { queued: backlog(5_000) }),
      within: 20,
    },
    {
      name: "a hold that has been forgotten",
      raised: ["HoldForgotten"],
      during: times(60, shutByPlan({ orderedFromMs: atMs(CALM) - 24 * HOUR_MS })),
      within: 5,
    },
    {
      name: "a hold that has been forgotten, of which few rounds tell",
      raised: ["HoldForgotten"],
      during: Array.from({ length: 60 }, (_, minute) =>
        minute % 3 === 2 ? { isSilent: true } : shutByPlan({ orderedFromMs: atMs(CALM) - 24 * HOUR_MS }),
      ),
      within: 5,
    },
    {
      name: "a waker that is silent for a short time",
      raised: ["WakerSilent"],
      during: times(9, { isSilent: true }),
    },
    {
      name: "a waker that is silent for hours",
      raised: ["WakerSilent"],
      during: times(200, { isSilent: true }),
      within: 9,
    },
    ...(["ventilator", "worker", "waker"] as const).map(
      (name): Trouble => ({
        name: `a crash of the ${name}`,
        raised: [
          name === "ventilator" ? "VentilatorErrors" : name === "worker" ? "WorkerErrors" : "WakerErrors",
        ],
        during: [flow({ aws: { ...FLOW.aws, [errors(name)]: 1 } }), ...times(8, FLOW)],
      }),
    ),
    {
      name: "a ventilator that is throttled all the time",
      raised: ["AwsThrottles"],
      during: times(30, flow({ aws: { ...FLOW.aws, [throttles]: 4 } })),
      within: 20,
    },
    {
      name: "a table that is throttled all the time, before it rests",
      raised: ["AwsThrottles"],
      during: times(30, flow({ aws: { ...FLOW.aws, [AWS.reads]: 1, [AWS.writes]: 7 } })),
      within: 20,
    },
    {
      name: "a record that could not be fetched",
      raised: ["DeadLetters"],
      during: [flow({ aws: { ...FLOW.aws, [letters]: 1 } }), ...times(8, FLOW)],
    },
    {
      name: "many records that could not be fetched",
      raised: ["DeadLetters", "DeadLettersFlood"],
      during: times(20, flow({ aws: { ...FLOW.aws, [letters]: 30 } })),
      within: 12,
    },
    {
      name: "a day that is not long enough",
      raised: ["OldestMessage"],
      during: times(120, flow({ oldestMessageAgeMs: 21 * HOUR_MS })),
      within: 40,
    },
    {
      name: "a message that comes again and again",
      raised: ["ReceivedTooOften"],
      during: [
        flow({ receiveCount: 500 }),
        ...times(59, FLOW),
        flow({ receiveCount: 501 }),
        ...times(8, FLOW),
      ],
      within: 8,
    },
    ...(
      [
        ["records", "RecordsExpiring"],
        ["express", "ExpressExpiring"],
        ["dead-letter", "DeadLettersExpiring"],
      ] as const
    ).map(
      ([queue, name]): Trouble => ({
        name: `messages in the ${queue} queue that are ten days old`,
        raised: [name],
        during: times(30, flow({ aws: { ...FLOW.aws, [AWS.age(queue)]: 10 * 86_400 } })),
        within: 8,
        calm: flow({ aws: { ...FLOW.aws, [AWS.age(queue)]: 60 } }),
      }),
    ),
  ] satisfies readonly Trouble[]
).map(({ name, raised, during, within = during.length, calm = FLOW }: Trouble) => ({
  name,
  raised,
  minutes: [...times(CALM, calm), ...during, ...times(AFTER, calm)],
  byMinute: CALM + within,
}));

/** The first minute of trouble. */
export const TROUBLE_FROM_MINUTE: number = CALM;
