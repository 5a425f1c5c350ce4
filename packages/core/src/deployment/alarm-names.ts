/** The alarms of a stage. docs/operations.md explains each of them. */
export const ALARM_NAMES = [
  "BreakerOpen",
  "BreakerTrips",
  "WorkersCantBegin",
  "EverythingRejected",
  "Standstill",
  "HoldForgotten",
  "WakerSilent",
  "VentilatorErrors",
  "WorkerErrors",
  "WakerErrors",
  "AwsThrottles",
  "DeadLetters",
  "DeadLettersFlood",
  "OldestMessage",
  "ReceivedTooOften",
  "RecordsExpiring",
  "ExpressExpiring",
  "DeadLettersExpiring",
] as const;

/** One of {@link ALARM_NAMES}. */
export type AlarmName = (typeof ALARM_NAMES)[number];
