import type { Decision } from "@sluice/core/law";
import { EventsInvalid, eventValues, type PlacedValue } from "./events-text.ts";
import { type ReplayedEvent, replayedEventSchema } from "./replayed-event.ts";

/** The events of one provider's breaker, in order; at least one is a decision. */
export interface ReplayedEvents {
  /** The provider's id, if the events say whose they are. */
  readonly provider?: string;
  readonly decisions: readonly TimedDecision[];
  /** The instants of the first and of the last event, whatever its kind. */
  readonly fromMs: number;
  readonly untilMs: number;
}

/** A decision, and when it was made. */
export interface TimedDecision extends Decision {
  readonly atMs: number;
}

/**
 * Parses the text of a file of events.
 * @param source the file's name, for the errors' text
 * @throws EventsInvalid
 */
export function parseEvents(text: string, source: string): ReplayedEvents {
  const placed = eventValues(text, source).map((one) => ({ ...parseEvent(one, source), place: one.place }));
  const [first] = placed;
  const last = placed.at(-1);
  if (first === undefined || last === undefined) {
    throw new EventsInvalid(
      source,
      "there is no event in it. Ask for a day on which the breaker decided something.",
    );
  }
  refuseDisorder(placed, source);
  const decisions = placed.flatMap(({ atMs, decision }) => (decision ? [{ ...decision, atMs }] : []));
  if (decisions.length === 0) {
    throw new EventsInvalid(
      source,
      `none of its ${placed.length} events is a decision, so that nothing is known of the weather. Ask for a day on which the breaker decided something.`,
    );
  }
  const provider = providerOf(placed, source);
  return {
    ...(provider !== undefined && { provider }),
    decisions,
    fromMs: first.atMs,
    untilMs: last.atMs,
  };
}

type PlacedEvent = ReplayedEvent & Pick<PlacedValue, "place">;

function parseEvent({ place, value }: PlacedValue, source: string): ReplayedEvent {
  const parsed = replayedEventSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const why = parsed.error.issues
    .map(({ path, message }) => `${path.join(".") || "it"}: ${message}`)
    .join("; ");
  throw new EventsInvalid(
    source,
    `${place} is no event of a breaker (${why}). Each has id, atMs, kind, summary and details.`,
  );
}

function refuseDisorder(events: readonly PlacedEvent[], source: string): void {
  const at = events.findIndex(
    ({ atMs }, index) => atMs < (events[index - 1]?.atMs ?? Number.NEGATIVE_INFINITY),
  );
  if (at < 0) return;
  const { place = "", atMs = 0 } = events[at] ?? {};
  throw new EventsInvalid(
    source,
    `${place}, of ${new Date(atMs).toISOString()}, is older than the one before it. Sort the events by atMs, or ask DynamoDB without --no-scan-index-forward.`,
  );
}

function providerOf(events: readonly PlacedEvent[], source: string): string | undefined {
  const ids = [...new Set(events.flatMap(({ provider }) => provider ?? []))];
  if (ids.length <= 1) return ids[0];
  throw new EventsInvalid(
    source,
    `they are of ${ids.length} providers, ${ids.join(" and ")}. Replay those of one.`,
  );
}
