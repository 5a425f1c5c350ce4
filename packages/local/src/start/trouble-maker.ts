import type { Clock } from "@sluice/core/ports";
import type { Lambda } from "../lambda/lambda.ts";
import { reconfigure } from "../lambda/reconfigure.ts";
import {
  createTroubleDial,
  type TroubleDial,
  type WorkerTrouble,
} from "../provider-simulator/trouble-dial.ts";
import { type TroubleAction, troubleAfter } from "./keys.ts";

/** The parts of a trouble maker. */
export interface TroubleMakerDeps {
  readonly dial: TroubleDial;
  readonly lambda: Pick<Lambda, "find" | "deploy">;
  readonly workerName: string;
  readonly clock: Clock;
}

/** Trouble on demand, until it is stopped. */
export interface TroubleMaker {
  /** Turns the dial as a key asks for it. */
  act(action: TroubleAction): void;
  /** Drops changes that are still to be deployed. */
  stop(): void;
}

/** Keys that are pressed in a row make one deployment: each one starts new execution environments. */
const DEPLOY_AFTER_MS = 250;

/**
 * Carries the dial's trouble into the worker's environment variables as a new deployment
 * of its configuration would: calls under way end with the old ones, later calls see the new ones.
 */
export function startTroubleMaker(deps: TroubleMakerDeps): TroubleMaker {
  const { dial, clock } = deps;
  const stopping = new AbortController();
  let isDeploymentDue = false;

  async function deploySoon(): Promise<void> {
    if (isDeploymentDue) return;
    isDeploymentDue = true;
    await clock.sleep(DEPLOY_AFTER_MS, stopping.signal);
    isDeploymentDue = false;
    if (!stopping.signal.aborted) deployTrouble(deps);
  }

  dial.onTurn(() => void deploySoon());
  return {
    act: (action) => dial.turn(troubleAfter(action, dial.current())),
    stop: () => stopping.abort(),
  };
}

/** A dial that stands at what a worker's environment says; undefined if the worker makes no trouble on demand. */
export function troubleDialFor(environment: Readonly<Record<string, string>>): TroubleDial | undefined {
  const { SLOW_PERCENTAGE, ERROR_PERCENTAGE } = environment;
  if (SLOW_PERCENTAGE === undefined || ERROR_PERCENTAGE === undefined) return undefined;
  return createTroubleDial({
    slowPercentage: Number(SLOW_PERCENTAGE),
    errorPercentage: Number(ERROR_PERCENTAGE),
  });
}

function deployTrouble({ dial, lambda, workerName }: TroubleMakerDeps): void {
  reconfigure(lambda, workerName, { environment: variablesOf(dial.current()) });
}

function variablesOf(trouble: WorkerTrouble): Record<string, string> {
  const { slowPercentage, errorPercentage, throttledPercentage = 0, hangingPercentage = 0 } = trouble;
  return {
    SLOW_PERCENTAGE: String(slowPercentage),
    ERROR_PERCENTAGE: String(errorPercentage),
    THROTTLED_PERCENTAGE: String(throttledPercentage),
    HANGING_PERCENTAGE: String(hangingPercentage),
  };
}
