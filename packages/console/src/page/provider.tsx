import type { Progress } from "@sluice/core/operator";
import { useState } from "preact/hooks";
import type { ProviderView } from "../server/views.ts";
import { Actions } from "./actions.tsx";
import { Course, HOUR_MS } from "./course.tsx";
import { Doctor } from "./doctor.tsx";
import type { EventPlace } from "./event-pages.ts";
import { Events } from "./events.tsx";
import { useLive } from "./live.ts";
import { Bar, Problem, Section } from "./parts.tsx";
import { linkTo } from "./route.ts";
import { RunBar } from "./run.tsx";
import { Reasons, StateBadge, WakerSilence } from "./state-badge.tsx";
import { countText, instantText, laneText, untilText } from "./text.ts";

/** One provider: how it is, how it has been, and what can be done. */
export function Provider({ id }: { id: string }) {
  const [overMs, setOverMs] = useState<number>(HOUR_MS);
  const path = `/providers/${encodeURIComponent(id)}?overMs=${overMs}`;
  const { view, problem, isLost } = useLive<ProviderView>(path);
  const [from, setFrom] = useState<EventPlace | undefined>();

  function look(spanMs: number): void {
    setOverMs(spanMs);
    setFrom(undefined);
  }
  return (
    <main>
      <nav aria-label="Way back">
        <a href={linkTo.fleet()}>Providers</a>
      </nav>
      <header class="title">
        <h1 tabIndex={-1}>{id}</h1>
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
          <Course view={view} overMs={overMs} onOver={look} onMark={setFrom} />
          <Runs id={id} view={view} />
          <Events
            id={id}
            overMs={overMs}
            latest={view.marks.at(-1)}
            from={from}
            timeZone={view.status.timeZone}
            onFollow={() => setFrom(undefined)}
          />
          <Doctor id={id} />
        </>
      )}
    </main>
  );
}

function Now({ view }: { view: ProviderView }) {
  const { limit, maxConcurrency, inFlightCount, queues, reasons, probeAtMs, timeZone } = view.status;
  const { today, quotas, forecast, endsAtMs } = view.progress;
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
        {quotas.map((quota) => (
          <Fact key={quota.per} name={`quota of a ${quota.per}`} value={quotaText(quota)} />
        ))}
        {forecast?.usedUpAtMs !== undefined && (
          <Fact
            name="day's quota used up"
            value={`${untilText(forecast.usedUpAtMs)}, then ${countText(forecast.waitingCount)} wait`}
          />
        )}
        {probeAtMs !== undefined && <Fact name="next probe" value={untilText(probeAtMs)} />}
      </dl>
      <Reasons reasons={reasons} />
      <WakerSilence status={view.status} />
    </Section>
  );
}

function quotaText(quota: Progress["quotas"][number]): string {
  const left = `${countText(quota.leftCount)} of ${countText(quota.requests)} left`;
  return quota.per === "day" ? `${left}, reset ${untilText(quota.resetsAtMs)}` : left;
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
      {view.runs.length === 0 ? (
        <p class="quiet">
          None. <code>sluice enqueue &lt;file&gt;</code>, or a scheduler's <code>enqueue</code>, begins one.
        </p>
      ) : (
        <ul class="runs">
          {view.runs.map((status) => (
            <li key={status.runId}>
              <a href={linkTo.run(id, status.runId)}>{status.runId}</a>{" "}
              <span class="quiet">
                {laneText(status.lane)}, {untilText(status.createdAtMs)}
                {status.endsAtMs === undefined ? "" : `, done ${untilText(status.endsAtMs)}`}
              </span>
              <RunBar status={status} />
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
