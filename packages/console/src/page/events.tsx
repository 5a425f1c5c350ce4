import type { BreakerEvent } from "@sluice/core/ports";
import { useEffect, useMemo, useReducer, useState } from "preact/hooks";
import { createEventPages, type EventPages, type EventPlace, PAGE_SIZE } from "./event-pages.ts";
import { askJson } from "./live.ts";
import { Section } from "./parts.tsx";
import { instantText } from "./text.ts";
import { type Seen, useWindow } from "./use-window.ts";

/** Rows that are drawn beyond those that are seen, so that a turn of the wheel shows no gap. */
const OVERSCAN = 8;

/** The events of a provider, newest first: a list of any length, of which as much is read and drawn as is looked at. */
export function Events({
  id,
  overMs,
  latest,
  from,
  timeZone,
  onFollow,
}: {
  id: string;
  overMs: number;
  /** The newest event, as far as the page has heard. */
  latest: EventPlace | undefined;
  /** The event from which on to look, as it was asked for; a new one each time. */
  from: EventPlace | undefined;
  timeZone: string;
  /** Called when the newest are to be seen again, after an event was asked for. */
  onFollow: () => void;
}) {
  const [, draw] = useReducer((drawn: number) => drawn + 1, 0);
  const pages = useMemo(() => {
    const sinceMs = Date.now() - overMs;
    return createEventPages(
      (before) => readEvents(id, sinceMs, before),
      () => draw(undefined),
    );
  }, [id, overMs]);
  const [chosen, setChosen] = useState<BreakerEvent | undefined>();
  const [active, setActive] = useState<number | undefined>();
  const { viewport, seen, look, reveal, toTop } = useWindow(".event", ({ first, last }) =>
    pages.want(first - OVERSCAN, last + OVERSCAN),
  );

  useEffect(() => {
    restart(from && { atMs: from.atMs + 1, id: "" });
  }, [pages, from]);
  const hasNewer = latest !== undefined && isNewer(latest, pages.at(0));
  const isAtTop = seen.first === 0 && active === undefined && from === undefined;
  useEffect(() => {
    if (hasNewer && isAtTop) pages.restart();
  }, [latest?.id, hasNewer, isAtTop]);

  function restart(place?: EventPlace): void {
    toTop();
    setActive(undefined);
    pages.restart(place);
  }

  function choose(index: number): void {
    setActive(index);
    reveal(index);
    pages.want(Math.min(index, seen.first), Math.max(index, seen.last));
  }
  const activeEvent = active === undefined ? undefined : pages.at(active);
  useEffect(() => {
    if (activeEvent !== undefined) setChosen(activeEvent);
  }, [activeEvent]);

  function press(event: KeyboardEvent): void {
    const step = STEPS[event.key]?.(seen.last - seen.first - 1);
    const most = pages.count() - 1;
    if (step === undefined || most < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const at = active ?? (step > 0 ? -1 : 0);
    choose(Math.min(most, Math.max(0, at + step)));
  }

  function click({ target }: MouseEvent): void {
    const row = target instanceof Element ? target.closest<HTMLElement>(".event") : null;
    const index = Number(row?.dataset.index);
    if (pages.at(index) !== undefined) choose(index);
    viewport.current?.focus();
  }

  const problem = pages.problem();
  return (
    <Section title="Decisions and orders">
      {pages.count() === 0 && pages.isComplete() && (
        <p class="quiet">None in this time: nothing had to be decided.</p>
      )}
      {problem !== undefined && <p class="problem">{problem}</p>}
      {(from !== undefined || (hasNewer && !isAtTop)) && (
        <button type="button" onClick={() => (from === undefined ? restart() : onFollow())}>
          Show the newest
        </button>
      )}
      <div
        ref={viewport}
        class="events"
        role="listbox"
        tabIndex={0}
        aria-label="Decisions and orders, newest first"
        aria-activedescendant={activeEvent && isDrawn(active, seen) ? rowId(active ?? 0) : undefined}
        hidden={pages.count() === 0}
        onScroll={look}
        onKeyDown={press}
        onClick={click}
      >
        <Rows pages={pages} seen={seen} active={active} />
      </div>
      {chosen !== undefined && <Detail event={chosen} timeZone={timeZone} />}
    </Section>
  );
}

/** Rows that a key moves by, given those that are seen at once. */
const STEPS: Readonly<Record<string, (pageSize: number) => number>> = {
  ArrowDown: () => 1,
  j: () => 1,
  ArrowUp: () => -1,
  k: () => -1,
  PageDown: (pageSize) => pageSize,
  PageUp: (pageSize) => -pageSize,
  Home: () => Number.NEGATIVE_INFINITY,
  End: () => Number.POSITIVE_INFINITY,
};

const isDrawn = (index: number | undefined, { first, last }: Seen) =>
  index !== undefined && index >= first - OVERSCAN && index < last + OVERSCAN;
const rowId = (index: number) => `event-${index}`;

function Rows({ pages, seen, active }: { pages: EventPages; seen: Seen; active: number | undefined }) {
  const total = pages.count() + (pages.isComplete() ? 0 : 1);
  const first = Math.max(0, Math.min(seen.first, total) - OVERSCAN);
  const last = Math.min(total, seen.last + OVERSCAN);
  const indices = Array.from({ length: Math.max(0, last - first) }, (_, offset) => first + offset);
  return (
    <div role="presentation" class="all" style={{ height: `${total * seen.rowHeight}px` }}>
      <div role="presentation" class="drawn" style={{ transform: `translateY(${first * seen.rowHeight}px)` }}>
        {indices.map((index) => {
          const event = pages.at(index);
          return (
            <div
              key={index}
              id={rowId(index)}
              class="event"
              role="option"
              aria-selected={index === active}
              aria-posinset={index + 1}
              aria-setsize={pages.isComplete() ? pages.count() : -1}
              aria-disabled={event === undefined}
              tabIndex={-1}
              data-index={index}
            >
              {event === undefined ? <span class="quiet">reading …</span> : <Row event={event} />}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function Row({ event: { atMs, kind, summary } }: { event: BreakerEvent }) {
  return (
    <>
      <time dateTime={new Date(atMs).toISOString()}>{instantText(atMs)}</time>{" "}
      <span class={`kind ${kind}`}>{kind}</span> <span class="summary">{summary}</span>
    </>
  );
}

function Detail({
  event: { atMs, kind, summary, details },
  timeZone,
}: {
  event: BreakerEvent;
  timeZone: string;
}) {
  return (
    <section class="detail" aria-label="The one that is chosen">
      <p>
        <span class={`kind ${kind}`}>{kind}</span> <strong>{summary}</strong>
      </p>
      <p class="quiet">
        {instantText(atMs)}; {instantText(atMs, timeZone)} in {timeZone}
      </p>
      <details>
        <summary>its numbers</summary>
        <pre>{JSON.stringify(details, undefined, 2)}</pre>
      </details>
    </section>
  );
}

function isNewer(one: EventPlace, other: EventPlace | undefined): boolean {
  if (other === undefined) return true;
  return one.atMs === other.atMs ? one.id > other.id : one.atMs > other.atMs;
}

async function readEvents(
  id: string,
  sinceMs: number,
  before: EventPlace | undefined,
): Promise<readonly BreakerEvent[]> {
  const query = new URLSearchParams({ sinceMs: String(sinceMs), count: String(PAGE_SIZE) });
  if (before !== undefined) {
    query.set("beforeMs", String(before.atMs));
    query.set("beforeId", before.id);
  }
  const path = `/api/providers/${encodeURIComponent(id)}/events?${query}`;
  return (await askJson<{ readonly events: readonly BreakerEvent[] }>(path)).events;
}
