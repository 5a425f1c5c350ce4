import { parseMemory } from "@sluice/core/breaker";
import { lawConfigOf, productionLaw } from "@sluice/core/law";
import type { BreakerEvent, EventStore } from "@sluice/core/ports";
import { createBreakerStore, createEventStore } from "@sluice/core/storage";
import type { Trace } from "@sluice/sim/report";
import type { HeldSpan } from "./held-spans.ts";
import type { LiveScreen } from "./live-screen.ts";
import type { LocalRun } from "./local-run.ts";
import type { Preparation } from "./prepare.ts";
import type { Glance, RunProgress } from "./run-progress.ts";
import { shutSpansOf } from "./shut-spans.ts";
import type { SteeringView } from "./steering-view.ts";
import { createTraceRecorder, traceDecisionOf, traceSampleOf } from "./trace-recorder.ts";
import { viewOfRun } from "./view-of-run.ts";
import { weatherSpansOf } from "./weather-spans.ts";

/** The part of a run that is judged, so that charts and verdict have the same counts. */
export interface KnownToVerdict {
  readonly events: readonly BreakerEvent[];
  readonly holds: readonly HeldSpan[];
}

/** Progress that shows the breaker's doings, and remembers them for the charts. */
export interface Watch extends RunProgress {
  /** The run as it was seen so far, with what the verdict knows of it. */
  trace(figures: Trace["figures"], known: KnownToVerdict): Trace;
  /** Looks for the last time: decisions that fell since the look before are shown. */
  stop(): Promise<void>;
}

const LOOK_EVERY_MS = 200;
/** The number of looks between two lists of the breaker's events. */
const LOOKS_PER_LIST = 3;
/** Another process may store an event this much after the instant that it is sorted by. */
const STORED_LATE_MS = 10_000;

/** Watches a run from now on, until it is stopped. */
export function startWatch(localRun: LocalRun, preparation: Preparation, screen: LiveScreen): Watch {
  const { provider, scenario } = preparation;
  const { table } = localRun.deployment;
  const store = createBreakerStore(table, provider.id);
  const config = lawConfigOf(provider);
  const startedAtMs = Date.now();
  const newEvents = followEvents(createEventStore(table, provider.id, Date.now), startedAtMs);
  const recorder = createTraceRecorder();
  const providerAheadMs = localRun.providerServer.elapsedMinutes() * 60_000;
  let lookCount = 0;
  let lastLookMs = 0;
  let glance: Glance | undefined;
  let steering: SteeringView | undefined;
  let looking: Promise<void> | undefined;

  async function look(): Promise<void> {
    lookCount += 1;
    const { law: control } = parseMemory(await store.read(), productionLaw, config, Date.now()).memory;
    if (lookCount % LOOKS_PER_LIST === 0) {
      await showNewEvents();
      steering = await localRun.readSteering();
    }
    const inputs = { startedAtMs, control, ...(glance && { glance }), ...(steering && { steering }) };
    const view = viewOfRun(localRun, preparation, inputs);
    recorder.sample(traceSampleOf(view, control, localRun.providerServer.capacityCount()), lookCount);
    lastLookMs = view.elapsedMs;
    screen.show(view);
  }

  async function showNewEvents(): Promise<void> {
    for await (const event of newEvents()) {
      const { atMs, kind, summary } = traceDecisionOf(event, startedAtMs);
      screen.decided({ atMs, summary: kind === "valve" ? `valve ${summary}` : summary });
    }
  }

  /** Looks unless a look is under way. A table that does not answer now is asked again by the next one. */
  function lookSafely(): Promise<void> {
    looking ??= look()
      .catch(() => {})
      .finally(() => {
        looking = undefined;
      });
    return looking;
  }

  // A run that fails ends without stopping its watch.
  const timer = setInterval(() => void lookSafely(), LOOK_EVERY_MS).unref();

  return {
    say: screen.say,
    show(latest) {
      glance = latest;
    },
    end() {},
    async stop() {
      clearInterval(timer);
      await looking;
      await showNewEvents().catch(() => {});
      screen.end();
    },
    trace: (figures, { events, holds }) =>
      recorder.trace({
        ...titlesOf(preparation),
        figures,
        events: events.map((event) => traceDecisionOf(event, startedAtMs)),
        weather: weatherSpansOf(scenario.provider, { durationMs: lastLookMs, providerAheadMs }),
        shutSpans: shutSpansOf(provider, holds, startedAtMs, Date.now()),
      }),
  };
}

function titlesOf({ provider, scenario }: Preparation): Pick<Trace, "title" | "scenario" | "maxConcurrency"> {
  const { maxConcurrency } = provider;
  const title = `${scenario.name} · ${provider.id} · X = ${maxConcurrency}`;
  return { title, scenario: scenario.name, maxConcurrency };
}

/** Makes a function that lists the events of a run, each of them once: those that no call before has listed. */
function followEvents(store: EventStore, startedAtMs: number): () => AsyncIterable<BreakerEvent> {
  const seenIds = new Set<string>();
  return async function* newEvents() {
    const sinceMs = Math.max(startedAtMs - STORED_LATE_MS, Date.now() - 2 * STORED_LATE_MS);
    for await (const event of store.list(sinceMs)) {
      if (seenIds.has(event.id)) continue;
      seenIds.add(event.id);
      yield event;
    }
  };
}
