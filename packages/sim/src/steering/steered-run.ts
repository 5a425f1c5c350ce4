import { hold, type OrderAnswer, pin, resume, type SteeringDeps } from "@sluice/core/operator";
import { lawSetupsNamed } from "../lab/laws.ts";
import { parseScenario } from "../provider-simulator/parse-scenario.ts";
import type { ScenarioInput } from "../provider-simulator/scenario-defaults.ts";
import type { SteeredContract } from "../world/provider-of.ts";
import { createWorld, type World } from "../world/world.ts";

/** A calm provider's run, from Monday 00:00 UTC on. */
export interface SteeredRunOptions {
  readonly maxConcurrency: number;
  readonly latency: NonNullable<NonNullable<ScenarioInput["provider"]>["latency"]>;
  readonly timeoutMs: number;
  /** Records that wait at the start. */
  readonly backlog: number;
  /** The run ends then, or as soon as all are done. */
  readonly untilMs: number;
  readonly steered?: SteeredContract;
  /** A hold that an operator gives at this instant. */
  readonly hold?: { readonly atMs: number; readonly forMs: number };
  /** A pin that an operator gives, for so long or until another one resumes it. */
  readonly pin?: PinOrder;
}

interface PinOrder {
  readonly atMs: number;
  readonly limit: number;
  readonly forMs?: number;
  readonly resumedAtMs?: number;
}

/** The requests that the provider saw, and their cost. Instants count from the start. */
export interface SteeredRun {
  /** The starts of requests, ascending. */
  readonly startsMs: readonly number[];
  /** The ends of requests, ascending. */
  readonly endsMs: readonly number[];
  readonly fetchedCount: number;
  readonly mostInFlight: number;
  /** Invocations of ventilators. */
  readonly invocationCount: number;
  readonly writeUnits: number;
  /** Messages received, each time that one was. */
  readonly receivedCount: number;
}

/** Runs Sluice's law on a calm provider. */
export async function runSteered(options: SteeredRunOptions): Promise<SteeredRun> {
  const { maxConcurrency, latency, timeoutMs, backlog, untilMs, steered } = options;
  const [setup] = lawSetupsNamed(["sluice"]);
  if (setup === undefined) throw new RangeError("there is no law of Sluice's");
  const durationMinutes = Math.ceil(untilMs / 60_000);
  const provider = { maxConcurrency, timeoutMs, slowAfterMs: timeoutMs, latency };
  const [startsMs, endsMs]: [number[], number[]] = [[], []];
  const world = createWorld({
    scenario: parseScenario({ durationMinutes, backlog, provider }, "of a steered run"),
    setup,
    seed: 1,
    ...(steered !== undefined && { steered }),
    onEvent(atMs, what) {
      if (what.startsWith("start ")) startsMs.push(atMs);
      if (/^(\d+|timeout) /.test(what)) endsMs.push(atMs);
    },
  });
  await giveOrders(options, world);
  await world.run(untilMs);
  const { site, meter, receivedCount } = world.report();
  return {
    startsMs,
    endsMs,
    fetchedCount: site.servedAtMs.length,
    mostInFlight: site.audit.mostInFlightCount,
    invocationCount: meter.lambda.ventilator.requests,
    writeUnits: meter.table.writeUnits,
    receivedCount,
  };
}

async function giveOrders({ hold: held, pin: pinned }: SteeredRunOptions, world: World): Promise<void> {
  const author = { by: "an operator", reason: "their maintenance" };
  const give = async (atMs: number, order: (operator: SteeringDeps) => Promise<OrderAnswer>) => {
    await world.run(atMs);
    world.clock.at(world.clock.nowMs(), () => void order(world.operator()));
  };
  if (held !== undefined)
    await give(held.atMs, (operator) => hold({ ...author, forMs: held.forMs }, operator));
  if (pinned === undefined) return;
  const { atMs, limit, forMs, resumedAtMs } = pinned;
  await give(atMs, (operator) => pin({ ...author, limit, ...(forMs !== undefined && { forMs }) }, operator));
  if (resumedAtMs === undefined) return;
  await give(resumedAtMs, (operator) => resume({ ...author, ends: ["pin"] }, operator));
}
