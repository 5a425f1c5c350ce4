import { parseMemory } from "@sluice/core/breaker";
import { type ControlState, lawConfigOf, sluiceLaw } from "@sluice/core/law";
import type { BreakerEvent } from "@sluice/core/ports";
import { createBreakerStore, createEventStore } from "@sluice/core/storage";
import type { MappingSettings, MappingState } from "@sluice/sim/event-source-mapping";
import type { Trace, TraceDecision, TraceSample } from "@sluice/sim/report";
import { decisionOf } from "./decisions.ts";
import type { LiveScreen } from "./live-screen.ts";
import type { LiveView } from "./live-view.ts";
import type { LocalRun } from "./local-run.ts";
import type { Preparation } from "./prepare.ts";
import type { Glance, Progress } from "./progress.ts";
import { stormStageAt } from "./storm-stage.ts";

/** Progress that shows what the breaker does, and remembers it for the charts. */
export interface Watch extends Progress {
  /** What was seen so far. */
  trace(figures: Trace["figures"]): Trace;
  /** Looks for the last time: decisions that fell since the look before are shown. */
  stop(): Promise<void>;
}

const LOOK_EVERY_MS = 200;
/** Decisions are asked for at every so many looks. */
const LOOKS_PER_LIST = 3;
/** Another process may note an event this much after the instant that it is sorted by. */
const NOTED_LATE_MS = 10_000;
/** A day's run keeps no more samples than a chart can show. */
const SAMPLES_MAX = 4_000;

/** A mapping that is being shut polls until that is done. */
const FLOWING_STATES: ReadonlySet<MappingState> = new Set(["Enabled", "Updating", "Disabling"]);

/** Watches a run from now on, until it is stopped. */
export function startWatch(localRun: LocalRun, preparation: Preparation, screen: LiveScreen): Watch {
  const { provider, scenario, input } = preparation;
  const { table, plan } = localRun.deployment;
  const store = createBreakerStore(table, provider.id);
  const events = createEventStore(table, provider.id, Date.now);
  const config = lawConfigOf(provider);
  const startedAtMs = Date.now();
  const seenIds = new Set<string>();
  const decisions: TraceDecision[] = [];
  let samples: TraceSample[] = [];
  let keepEvery = 1;
  let lookCount = 0;
  let glance: Glance | undefined;
  let control: ControlState = sluiceLaw.initial(config, startedAtMs);
  let looking: Promise<void> | undefined;

  function elapsedMs(): number {
    return Date.now() - startedAtMs;
  }

  async function look(): Promise<void> {
    lookCount += 1;
    control = parseMemory(await store.read(), sluiceLaw, config, Date.now()).memory.law;
    if (lookCount % LOOKS_PER_LIST === 0) await listNew();
    const view = viewNow();
    keep(sampleOf(view, control, localRun.providerServer.capacityCount()));
    screen.show(view);
  }

  async function listNew(): Promise<void> {
    const sinceMs = Math.max(startedAtMs - NOTED_LATE_MS, Date.now() - 2 * NOTED_LATE_MS);
    for await (const event of events.list(sinceMs)) if (!seenIds.has(event.id)) note(event);
  }

  function note(event: BreakerEvent): void {
    seenIds.add(event.id);
    const atMs = Math.max(0, event.atMs - startedAtMs);
    const decision = decisionOf(event);
    const { kind, summary } = event;
    decisions.push({ atMs, kind, summary, ...(decision === undefined ? {} : { decision }) });
    screen.decided({ atMs, summary: kind === "valve" ? `valve ${summary}` : summary });
  }

  function keep(sample: TraceSample): void {
    if (lookCount % keepEvery === 0) samples.push(sample);
    if (samples.length < SAMPLES_MAX) return;
    samples = samples.filter((_, at) => at % 2 === 0);
    keepEvery *= 2;
  }

  function viewNow(): LiveView {
    const { audit, recent, trouble } = localRun.providerServer;
    const { isEnabled, batchSize, maximumConcurrency } = recordsMapping();
    const { servedByDay } = audit.report();
    return {
      elapsedMs: elapsedMs(),
      weather: stormStageAt(scenario.provider, localRun.providerServer.elapsedMinutes()),
      phase: control.phase,
      limit: control.limit,
      maxConcurrency: provider.maxConcurrency,
      inFlightCount: audit.inFlightCount(),
      batchSize,
      maximumConcurrency: maximumConcurrency ?? 0,
      isValveEnabled: isEnabled,
      ...recent.summary(Date.now()),
      fetchedCount: Object.values(servedByDay).reduce((sum, count) => sum + count, 0),
      totalCount: input.recordCount,
      backlogCount: glance?.queuedCount ?? 0,
      slowPercentage: trouble?.current().slowPercentage ?? 0,
      errorPercentage: trouble?.current().errorPercentage ?? 0,
    };
  }

  /** In a transition what was in force before it still is. */
  function recordsMapping(): Pick<MappingSettings, "isEnabled" | "batchSize" | "maximumConcurrency"> {
    const mappings = localRun.cloud.lambdaService.mappings.list();
    const found = mappings.find(({ queueArn }) => queueArn.endsWith(`:${plan.names.queues.records}`));
    if (found === undefined) return { isEnabled: false, batchSize: 0, maximumConcurrency: 0 };
    return { ...found.settings, isEnabled: FLOWING_STATES.has(found.state) };
  }

  /** A table that does not answer now is asked again. */
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
      await listNew().catch(() => {});
      screen.end();
    },
    trace: (figures) => ({
      title: `${scenario.name} · ${provider.id} · X = ${provider.maxConcurrency}`,
      scenario: scenario.name,
      durationMs: samples.at(-1)?.atMs ?? 0,
      maxConcurrency: provider.maxConcurrency,
      samples,
      decisions: decisions.toSorted((one, other) => one.atMs - other.atMs),
      figures,
    }),
  };
}

function sampleOf(view: LiveView, { phase, limit }: ControlState, capacityCount: number): TraceSample {
  const { elapsedMs, inFlightCount, batchSize, maximumConcurrency, isValveEnabled } = view;
  return {
    atMs: elapsedMs,
    phase,
    limit: phase === "open" ? 0 : limit,
    inFlightCount,
    capacityCount,
    batchSize,
    maximumConcurrency,
    isValveEnabled,
    backlogCount: view.backlogCount,
    fetchedCount: view.fetchedCount,
  };
}
