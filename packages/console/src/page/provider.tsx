import type { Point } from "@sluice/core/history";
import { useMemo, useState } from "preact/hooks";
import type { ProviderView } from "../server/views.ts";
import { Actions } from "./actions.tsx";
import { Chart, type Line } from "./chart.tsx";
import type { EventPlace } from "./event-pages.ts";
import { Events } from "./events.tsx";
import { useLive } from "./live.ts";
import { Bar, Problem, Section } from "./parts.tsx";
import { linkTo } from "./route.ts";
import { RunBar } from "./run.tsx";
import { Reasons, StateBadge } from "./state-badge.tsx";
import { countText, instantText, untilText } from "./text.ts";

const HOUR_MS = 60 * 60_000;
const SPANS = [
  ["1 hour", HOUR_MS],
  ["6 hours", 6 * HOUR_MS],
  ["1 day", 24 * HOUR_MS],
  ["14 days", 14 * 24 * HOUR_MS],
] as const;

const LIMITS: readonly Line[] = [
  { label: "X", color: "quiet", read: ({ maxConcurrency }) => maxConcurrency },
  { label: "limit", color: "accent", read: ({ limit }) => limit },
  { label: "in flight", color: "good", read: ({ inFlightCount }) => inFlightCount },
];
const OUTCOMES: readonly Line[] = [
  { label: "ok", color: "good", read: ({ perMinute }) => perMinute.ok },
  { label: "slow", color: "warn", read: ({ perMinute }) => perMinute.slow },
  { label: "fault", color: "bad", read: ({ perMinute }) => perMinute.fault },
  { label: "throttled", color: "violet", read: ({ perMinute }) => perMinute.throttled },
];
const LATENCIES: readonly Line[] = [
  { label: "p50", color: "accent", read: ({ latencyMs }: Point) => latencyMs?.p50 },
  { label: "p95", color: "warn", read: ({ latencyMs }: Point) => latencyMs?.p95 },
];

/** One provider: how it is, how it has been, and what can be done. */
export function Provider({ id }: { id: string }) {
  const [overMs, setOverMs] = useState<number>(HOUR_MS);
  const path = `/providers/${encodeURIComponent(id)}?overMs=${overMs}`;
  const { view, problem, isLost } = useLive<ProviderView>(path);
  const [from, setFrom] = useState<EventPlace | undefined>();
  const marks = useMemo(() => (view?.marks ?? []).filter(({ kind }) => kind === "decision"), [view]);
  return (
    <main>
      <nav aria-label="Way back">
        <a href={linkTo.fleet()}>Providers</a>
      </nav>
      <header class="title">
        <h1>{id}</h1>
        {view && <StateBadge status={view.status} urgency={view.urgency} />}
        {view && <span class="quiet">{view.environment}</span>}
      </header>
      <Problem problem={problem} isLost={isLost} />
      {view === undefined ? (
        problem === undefined && <p class="quiet">Looking …</p>
      ) : (
        <>
          <Now view={view} />
          <Actions id={id} view={view} />
          <Section title="The course of it">
            <fieldset class="choices">
              <legend>time shown</legend>
              {SPANS.map(([label, spanMs]) => (
                <button
                  key={label}
                  type="button"
                  aria-pressed={overMs === spanMs}
                  onClick={() => {
                    setOverMs(spanMs);
                    setFrom(undefined);
                  }}
                >
                  {label}
                </button>
              ))}
            </fieldset>
            <Chart
              title="Requests at once"
              points={view.points}
              lines={LIMITS}
              marks={marks}
              onMark={setFrom}
            />
            <Chart
              title="Attempts a minute"
              points={view.points}
              lines={OUTCOMES}
              marks={marks}
              onMark={setFrom}
            />
            <Chart title="Latency of what succeeded, in ms" points={view.points} lines={LATENCIES} />
            {view.marksSinceMs !== undefined && (
              <p class="quiet">Decisions are marked from {instantText(view.marksSinceMs)} on.</p>
            )}
          </Section>
          <Runs id={id} view={view} />
          <Events
            id={id}
            overMs={overMs}
            latest={view.marks.at(-1)}
            from={from}
            timeZone={view.status.timeZone}
            onFollow={() => setFrom(undefined)}
          />
        </>
      )}
    </main>
  );
}

function Now({ view }: { view: ProviderView }) {
  const { limit, maxConcurrency, inFlightCount, queues, reasons, probeAtMs, timeZone } = view.status;
  const { today, forecast, endsAtMs } = view.progress;
  const lanes = queues?.queued;
  return (
    <Section title="Now">
      <Bar label="limit" value={limit} of={maxConcurrency} mark={inFlightCount} />
      <dl class="wide">
        <Fact name="in flight" value={countText(inFlightCount)} />
        <Fact name="bulk" value={lanes ? `${countText(lanes.records.visibleCount)} waiting` : "?"} />
        <Fact name="express" value={lanes ? `${countText(lanes.express.visibleCount)} waiting` : "?"} />
        <div>
          <dt>dead letters</dt>
          <dd>
            <a href={linkTo.dead(view.status.providerId)}>
              {queues ? countText(queues.deadLetterCount) : "?"}
            </a>
          </dd>
        </div>
        <Fact name={`time in ${timeZone}`} value={instantText(Date.now(), timeZone)} />
        {today && <Fact name="fetched today" value={countText(today.fetchedCount)} />}
        {endsAtMs !== undefined && <Fact name="all queued is done" value={untilText(endsAtMs)} />}
        {forecast?.usedUpAtMs !== undefined && (
          <Fact
            name="day's quota used up"
            value={`${untilText(forecast.usedUpAtMs)}, then ${countText(forecast.waitingCount)} wait`}
          />
        )}
        {probeAtMs !== undefined && <Fact name="next probe" value={untilText(probeAtMs)} />}
      </dl>
      <Reasons reasons={reasons} />
    </Section>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Runs({ id, view }: { id: string; view: ProviderView }) {
  return (
    <Section title="Runs of today and yesterday">
      {view.runs.length === 0 && (
        <p class="quiet">
          None. <code>sluice enqueue &lt;file&gt;</code>, or a scheduler's <code>enqueue</code>, begins one.
        </p>
      )}
      <ul class="runs">
        {view.runs.map((status) => (
          <li key={status.runId}>
            <a href={linkTo.run(id, status.runId)}>{status.runId}</a>{" "}
            <span class="quiet">
              {status.lane}, {untilText(status.createdAtMs)}
              {status.endsAtMs === undefined ? "" : `, done ${untilText(status.endsAtMs)}`}
            </span>
            <RunBar status={status} />
          </li>
        ))}
      </ul>
    </Section>
  );
}
