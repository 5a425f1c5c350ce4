import { messageOf } from "../errors.ts";
import { describeDecision } from "../law/describe-decision.ts";
import { type Evidence, minus, NO_EVIDENCE, plus } from "../law/evidence.ts";
import { freshEvidence } from "../law/fresh-evidence.ts";
import type { ControlState, Decision, Law, Observation, Step } from "../law/law.ts";
import { lawConfigOf } from "../law/law-config.ts";
import type { PermitBounds } from "../permits/gate.ts";
import { isLapsed, parseLease } from "../permits/lease.ts";
import type { BreakerStore } from "../ports/breaker-store.ts";
import type { Clock } from "../ports/clock.ts";
import type { EventStore } from "../ports/event-store.ts";
import type { Ids } from "../ports/ids.ts";
import type { Log } from "../ports/log.ts";
import type { Metrics } from "../ports/metrics.ts";
import type { PermitItems, PermitShard, Report } from "../ports/permit-items.ts";
import type { Provider } from "../provider/provider.ts";
import type { Reconciler } from "../valve/reconciler.ts";
import { parseMemory, type StoredMemory } from "./memory.ts";

/** Watches what ventilators report, lets the law decide, and makes permits and valve obey. */
export interface Breaker {
  /** Takes note of a report and looks closer if that may change something. Never throws. */
  consider(news: ShardReport): Promise<void>;
  /** Looks at everything that was reported, heals what a crash left half done, and says how things stand. */
  look(): Promise<BreakerStatus>;
  /** Hands the law an observation of the waker's; `lost` if nothing followed, because someone else was quicker. */
  observe(observation: Observation): Promise<BreakerStatus | "lost">;
}

/** A report, and the shard as it was afterwards. */
export interface ShardReport {
  readonly shard: number;
  readonly reading: PermitShard;
  readonly report: Report;
}

/** How a provider stands. */
export interface BreakerStatus {
  readonly control: ControlState;
  /** Permits that are out. */
  readonly inFlightCount: number;
  /** Until when the provider has asked to be left alone; 0 if it hasn't. */
  readonly heldUntilMs: number;
}

/** What a breaker works with. */
export interface BreakerDeps {
  readonly provider: Provider;
  // biome-ignore lint/suspicious/noExplicitAny: a law's state is its own business, here it only passes through
  readonly law: Law<any>;
  readonly items: PermitItems;
  readonly bounds: PermitBounds;
  readonly store: BreakerStore;
  readonly events: EventStore;
  readonly reconciler: Reconciler;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Bad news is looked into at most this often by one process. */
const BAD_NEWS_EVERY_MS = 500;
/** Good news is looked into this often while there is something to gain from it, … */
const GROWING_EVERY_MS = 4_000;
/** … and this often when the limit can't grow. */
const STEADY_EVERY_MS = 20_000;
/** A state without a decision is stored this often at most: its evidence stays in the shards meanwhile. */
const STORE_EVERY_MS = 2_000;
/** A law that sees each report by itself must not miss one because another process was faster. */
const COMMIT_TRIES = 5;
/** Other processes may decide between the reads of a look, or before its commit: then it looks again. */
const LOOK_TRIES = 5;

/** The state, and the shards as they were read after it. */
interface View {
  readonly remembered: StoredMemory;
  readonly shards: readonly PermitShard[];
  /** Whether the state was the same when the view before this one was read. */
  readonly isSettled: boolean;
}

/** Makes the breaker of one process; the others work on the same store. */
export function createBreaker(deps: BreakerDeps): Breaker {
  const { law, items, store, clock, log } = deps;
  const config = lawConfigOf(deps.provider);
  // A new process has nothing to look into yet; bad news is another matter.
  let lookedAtMs = clock.nowMs();
  let hasLooked = false;
  let seen: { readonly shard: number; readonly epoch: number; readonly evidence: Evidence } | undefined;

  async function consider(news: ShardReport): Promise<void> {
    try {
      if (law.isPerReport) await weigh(news);
      else if (isDue(news)) await look(news);
    } catch (thrown) {
      log.warn("the breaker could not look, the next report makes it try again", {
        cause: messageOf(thrown),
      });
    }
  }

  function isDue({ shard, reading }: ShardReport): boolean {
    const { epoch = 0, evidence, limit = config.maxConcurrency } = reading;
    const isSame = seen !== undefined && seen.shard === shard && seen.epoch === epoch;
    const fresh = isSame && seen !== undefined ? minus(evidence, seen.evidence) : evidence;
    const isBad = fresh.faultCount + fresh.throttledCount > 0;
    const usualMs = limit < config.maxConcurrency ? GROWING_EVERY_MS : STEADY_EVERY_MS;
    if (isBad && !hasLooked) return true;
    return clock.nowMs() - lookedAtMs >= (isBad ? BAD_NEWS_EVERY_MS : usualMs);
  }

  /** Reads state and shards, and lets the law decide on what it has not seen yet. */
  async function look(news?: ShardReport): Promise<BreakerStatus> {
    lookedAtMs = clock.nowMs();
    hasLooked = true;
    let view = await readView(news);
    if (news !== undefined) {
      const { epoch = 0, evidence } = news.reading;
      seen = { shard: news.shard, epoch, evidence };
    }
    // Who reports has just returned its own permit, which was in use until then.
    const returnedCount = news === undefined ? 0 : 1;
    for (let tries = 1; tries < LOOK_TRIES; tries += 1) {
      const status = await decideOn(view, returnedCount);
      if (status !== "again") return status;
      view = await readView(undefined, view);
    }
    return standingOf(view.remembered.memory.law, view.shards, clock.nowMs());
  }

  async function readView(news?: ShardReport, earlier?: View): Promise<View> {
    const remembered = await recall();
    const shards = await readShards(news);
    return { remembered, shards, isSettled: earlier?.remembered.version === remembered.version };
  }

  async function decideOn(view: View, returnedCount: number): Promise<BreakerStatus | "again"> {
    const { remembered, shards, isSettled } = view;
    const { law: state, counted } = remembered.memory;
    if (latestEpoch(shards) > state.epoch) return beginAfresh(view);
    await healShards(state, shards);
    const current = shards.filter(({ epoch = 0 }) => epoch === state.epoch);
    const total = current.reduce((sum, { evidence }) => plus(sum, evidence), NO_EVIDENCE);
    const fresh = freshEvidence(total, counted);
    // The shards were read before someone else counted what was added since; or a shard was lost.
    if (fresh.isOvertaken && !isSettled) return "again";
    const nowMs = clock.nowMs();
    const status = standingOf(state, shards, nowMs);
    const observation: Observation = {
      kind: "report",
      epoch: state.epoch,
      evidence: fresh.evidence,
      inFlightCount: status.inFlightCount + returnedCount,
    };
    const step = law.decide(state, observation, config, nowMs);
    const isStale = nowMs - remembered.memory.lookedAtMs >= STORE_EVERY_MS;
    const hasSpoken = step.decision !== undefined || step.advice !== undefined;
    if (!hasSpoken && !(isStale && fresh.hasChanged)) return status;
    const isCommitted = await commit(remembered, step, total, status.heldUntilMs);
    return isCommitted ? { ...status, control: step.state } : "again";
  }

  /**
   * The state was lost, for it is committed before any shard hears of it; or it was read just before another decided, and
   * the commit is refused. Shards ignore what is decided in an epoch that is not later than theirs.
   */
  async function beginAfresh({ remembered, shards }: View): Promise<BreakerStatus | "again"> {
    const epoch = latestEpoch(shards) + 1;
    const before = remembered.memory.law;
    const state = { ...before, epoch };
    const decision = { rule: "the state was lost: begun afresh", inputs: { epoch }, before, after: state };
    const status = standingOf(state, shards, clock.nowMs());
    const isCommitted = await commit(remembered, { state, decision }, NO_EVIDENCE, status.heldUntilMs);
    return isCommitted ? status : "again";
  }

  /** For a law that sees each report by itself. */
  async function weigh(news: ShardReport): Promise<void> {
    const { report } = news;
    for (let tries = 0; tries < COMMIT_TRIES; tries += 1) {
      const remembered = await recall();
      const evidence = plus(NO_EVIDENCE, report.evidence);
      const inFlightCount = inFlightCountOf(await readShards(news), clock.nowMs()) + 1;
      const observation: Observation = { kind: "report", epoch: report.epoch, evidence, inFlightCount };
      const step = law.decide(remembered.memory.law, observation, config, clock.nowMs());
      if (await commit(remembered, step, NO_EVIDENCE, news.reading.heldUntilMs ?? 0)) return;
    }
  }

  async function observe(observation: Observation): Promise<BreakerStatus | "lost"> {
    const [remembered, shards] = await Promise.all([recall(), readShards()]);
    const step = law.decide(remembered.memory.law, observation, config, clock.nowMs());
    if (step.decision === undefined) return "lost";
    const status = standingOf(step.state, shards, clock.nowMs());
    const isCommitted = await commit(remembered, step, remembered.memory.counted, status.heldUntilMs);
    return isCommitted ? status : "lost";
  }

  async function recall(): Promise<StoredMemory> {
    const remembered = parseMemory(await store.read(), law, config, clock.nowMs());
    const { unreadable } = remembered;
    if (unreadable !== undefined)
      log.error("the breaker's state can't be read, it begins afresh", { unreadable });
    return remembered;
  }

  /** Each shard, read anew unless the news brought it. */
  async function readShards(news?: ShardReport): Promise<PermitShard[]> {
    const indexes = Array.from({ length: deps.bounds.shardCount }, (_, shard) => shard);
    return Promise.all(indexes.map((shard) => (shard === news?.shard ? news.reading : items.read(shard))));
  }

  /** A crash between a commit and its spreading leaves shards behind. */
  async function healShards(control: ControlState, shards: readonly PermitShard[]): Promise<void> {
    const behind = shards.flatMap(({ epoch = 0 }, shard) => (epoch < control.epoch ? [shard] : []));
    await Promise.all(behind.map((shard) => items.setControl(shard, decidedBy(control))));
  }

  /** Stores a step; then permits and valve obey. Says whether this process was the one to do it. */
  async function commit(
    remembered: StoredMemory,
    step: Step,
    total: Evidence,
    heldUntilMs: number,
  ): Promise<boolean> {
    const nowMs = clock.nowMs();
    const isNewEpoch = step.state.epoch !== remembered.memory.law.epoch;
    const memory = {
      law: step.state,
      counted: isNewEpoch ? NO_EVIDENCE : total,
      lookedAtMs: nowMs,
    };
    if ((await store.commit(memory, remembered.version)) === "conflict") return false;
    if (step.decision !== undefined) await carryOut(step.decision, step.state, heldUntilMs);
    if (step.advice !== undefined) await tell(step.advice);
    return true;
  }

  /** What fails here is made up for by the next look and the next waker. */
  async function carryOut(decision: Decision, control: ControlState, heldUntilMs: number): Promise<void> {
    const summary = describeDecision(decision);
    log.info("decision", { summary, ...decision });
    deps.metrics.decision({
      phase: control.phase,
      previousPhase: decision.before.phase,
      limit: control.limit,
      rule: decision.rule,
    });
    const indexes = Array.from({ length: deps.bounds.shardCount }, (_, shard) => shard);
    const spread = indexes.map((shard) => items.setControl(shard, decidedBy(control)));
    const atMs = clock.nowMs();
    const event = { id: deps.ids.next(), atMs, kind: "decision" as const, summary, details: decision };
    const results = await Promise.allSettled([...spread, deps.events.append(event)]);
    for (const result of results) {
      if (result.status === "rejected") {
        log.warn("a decision could not be spread yet", { summary, cause: messageOf(result.reason) });
      }
    }
    await deps.reconciler.reconcile(control, { heldUntilMs });
  }

  /** Advice changes nothing, so that nothing has to be made up for. */
  async function tell(advice: Decision): Promise<void> {
    const summary = `would: ${describeDecision(advice)}`;
    log.info("advice", { summary, ...advice });
    const event = {
      id: deps.ids.next(),
      atMs: clock.nowMs(),
      kind: "advice" as const,
      summary,
      details: advice,
    };
    try {
      await deps.events.append(event);
    } catch (thrown) {
      log.warn("an advice could not be stored", { summary, cause: messageOf(thrown) });
    }
  }

  return { consider, look: () => look(), observe };
}

function latestEpoch(shards: readonly PermitShard[]): number {
  return Math.max(...shards.map(({ epoch = 0 }) => epoch));
}

function decidedBy({ phase, limit, epoch }: ControlState) {
  return { phase, limit, epoch };
}

function standingOf(control: ControlState, shards: readonly PermitShard[], nowMs: number): BreakerStatus {
  return {
    control,
    inFlightCount: inFlightCountOf(shards, nowMs),
    heldUntilMs: Math.max(0, ...shards.map(({ heldUntilMs = 0 }) => heldUntilMs)),
  };
}

function inFlightCountOf(shards: readonly PermitShard[], nowMs: number): number {
  return shards.reduce(
    (sum, { leases }) => sum + leases.filter((lease) => !isLapsed(parseLease(lease), nowMs)).length,
    0,
  );
}
