import type { BreakerEvent, EventStore, LatestEvents } from "../ports/event-store.ts";
import { createEntity } from "./entity.ts";
import { EVENT_MODEL, parseEventRow } from "./event-entity.ts";
import { listPages } from "./pages.ts";
import type { Table } from "./table.ts";
import { reachDynamoDb } from "./unreachable.ts";

const DAY_MS = 24 * 60 * 60_000;
/** Time for which events are kept, so that a quarter can be looked back on. */
const KEPT_FOR_MS = 90 * DAY_MS;
/** Time ahead up to which events are listed: a writer whose clock is fast may be in the reader's tomorrow. */
const AHEAD_MS = 60_000;

/** {@link EventStore} on DynamoDB. Lists the UTC days from `sinceMs` to `nowMs` of which events are kept. */
export function createEventStore(table: Table, provider: string, nowMs: () => number): EventStore {
  const entity = createEntity(EVENT_MODEL, table);

  async function append({ id, atMs, kind, summary, details }: BreakerEvent): Promise<void> {
    await reachDynamoDb(
      entity
        .put({
          provider,
          ...keyOf(atMs),
          id,
          atMs,
          kind,
          summary,
          details: JSON.stringify(details),
          expiresAtSeconds: Math.ceil((atMs + KEPT_FOR_MS) / 1_000),
        })
        .go(),
    );
  }

  async function* list(sinceMs: number): AsyncIterable<BreakerEvent> {
    const fromMs = Math.max(sinceMs, nowMs() - KEPT_FOR_MS);
    const { day: lastDay } = keyOf(nowMs() + AHEAD_MS);
    const { day: firstDay, time } = keyOf(fromMs);
    for (let dayMs = Date.parse(firstDay); dayMs <= Date.parse(lastDay); dayMs += DAY_MS) {
      const { day } = keyOf(dayMs);
      yield* listPages(
        (cursor) => entity.query.byTime({ provider, day }).gte({ time }).go({ cursor, consistent: true }),
        parseEventRow,
      );
    }
  }

  return { append, list, latest: (choice) => latestOf(entity, provider, choice, nowMs()) };
}

async function latestOf(
  entity: ReturnType<typeof createEntity<typeof EVENT_MODEL>>,
  provider: string,
  { count, sinceMs, before }: LatestEvents,
  nowMs: number,
): Promise<readonly BreakerEvent[]> {
  const fromMs = Math.max(sinceMs, nowMs - KEPT_FOR_MS);
  const toMs = before?.atMs ?? nowMs + AHEAD_MS;
  const found: BreakerEvent[] = [];
  // DynamoDB refuses a span that ends before it begins.
  if (toMs < fromMs) return found;
  const span = [
    { time: keyOf(fromMs).time },
    { time: keyOf(toMs).time, ...(before && { id: before.id }) },
  ] as const;
  for (let dayMs = startOfDay(toMs); dayMs + DAY_MS > fromMs; dayMs -= DAY_MS) {
    const { day } = keyOf(dayMs);
    // The event that `before` names is in the span.
    const limit = count - found.length + 1;
    const rows = listPages(
      (cursor) =>
        entity.query
          .byTime({ provider, day })
          .between(...span)
          .go({ cursor, consistent: true, order: "desc", limit }),
      parseEventRow,
    );
    for await (const event of rows) {
      if (event.id === before?.id && event.atMs === before.atMs) continue;
      found.push(event);
      if (found.length === count) return found;
    }
  }
  return found;
}

function startOfDay(atMs: number): number {
  return Math.floor(atMs / DAY_MS) * DAY_MS;
}

function keyOf(atMs: number): { readonly day: string; readonly time: string } {
  const time = new Date(atMs).toISOString();
  return { day: time.slice(0, "2026-11-21".length), time };
}
