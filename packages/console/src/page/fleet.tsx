import type { FleetCard, FleetView } from "../server/views.ts";
import { useLive } from "./live.ts";
import { Bar, Problem, Sparkline } from "./parts.tsx";
import { linkTo } from "./route.ts";
import { Reasons, StateBadge } from "./state-badge.tsx";
import { countText, untilText } from "./text.ts";

/** All providers, the worst first. */
export function Fleet() {
  const { view, problem, isLost } = useLive<FleetView>("/fleet");
  return (
    <main>
      <h1 tabIndex={-1}>Providers</h1>
      <Problem problem={problem} isLost={isLost} />
      {view === undefined && problem === undefined && <p class="quiet">Looking …</p>}
      <div class="cards">
        {view?.cards.map((card) => (
          <Card key={card.status.providerId} {...card} />
        ))}
        {view?.failed.map(({ providerId, problem: why }) => (
          <section key={providerId} class="card">
            <h2>{providerId}</h2>
            <p class="problem">{why}</p>
          </section>
        ))}
      </div>
      {view?.cards.length === 0 && view.failed.length === 0 && (
        <p class="quiet">
          No provider is here. <code>npm start -- --keep</code> runs one on this machine.
        </p>
      )}
    </main>
  );
}

function Card({ status, urgency, progress: { today, endsAtMs }, points, environment }: FleetCard) {
  const { providerId, limit, maxConcurrency, inFlightCount, queues, reasons, probeAtMs } = status;
  const queued = queues?.queued;
  const waiting = queued ? queued.records.visibleCount + queued.express.visibleCount : undefined;
  return (
    <section class={`card ${urgency}`}>
      <header>
        <h2>
          <a href={linkTo.provider(providerId)}>{providerId}</a>
        </h2>
        <span class="quiet">{environment}</span>
        <StateBadge status={status} urgency={urgency} />
      </header>
      <Bar label="limit" value={limit} of={maxConcurrency} mark={inFlightCount} />
      <dl>
        <div>
          <dt>in flight</dt>
          <dd>{countText(inFlightCount)}</dd>
        </div>
        <div>
          <dt>waiting</dt>
          <dd>{waiting === undefined ? "?" : countText(waiting)}</dd>
        </div>
        <div>
          <dt>dead letters</dt>
          <dd class={queues && queues.deadLetterCount > 0 ? "bad" : ""}>
            <a href={linkTo.dead(providerId)}>
              {queues === undefined ? "?" : countText(queues.deadLetterCount)}
            </a>
          </dd>
        </div>
        <div>
          <dt>fetched a minute</dt>
          <dd>{countText((points.at(-1)?.perMinute.ok ?? 0) + (points.at(-1)?.perMinute.slow ?? 0))}</dd>
        </div>
        <div>
          <dt>fetched today</dt>
          <dd>{today === undefined ? "?" : countText(today.fetchedCount)}</dd>
        </div>
        <div>
          <dt>all queued is done</dt>
          <dd>{endsAtMs === undefined ? "–" : untilText(endsAtMs)}</dd>
        </div>
      </dl>
      <Sparkline
        values={points.map(({ perMinute }) => perMinute.ok + perMinute.slow)}
        label="fetched a minute, last hour"
      />
      <Reasons reasons={reasons} />
      {probeAtMs !== undefined && <p class="quiet">next probe {untilText(probeAtMs)}</p>}
    </section>
  );
}
