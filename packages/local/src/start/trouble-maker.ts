import type { Clock } from "@sluice/core/ports";
import type { Lambda } from "../lambda/lambda.ts";
import { reconfigure } from "../lambda/reconfigure.ts";
import {
  createTroubleDial,
  type TroubleDial,
  type WorkerTrouble,
} from "../provider-simulator/trouble-dial.ts";
import { type Keyboard, listenToKeys } from "./keyboard.ts";
import { keyActions, troubleAfter } from "./keys.ts";

/** The parts of a trouble maker. */
export interface TroubleMakerDeps {
  readonly dial: TroubleDial;
  readonly lambda: Pick<Lambda, "find" | "deploy">;
  readonly workerName: string;
  readonly clock: Clock;
  readonly keyboard: Keyboard;
  /** Called for each `q` or Ctrl-C: the terminal no longer makes a signal of it. */
  onQuit(): void;
}

/** Trouble on demand, until it is stopped. */
export interface TroubleMaker {
  /** True if there is a terminal whose keys are listened to. */
  readonly hasKeys: boolean;
  /** Gives the terminal back; changes that are still to be deployed are dropped. */
  stop(): void;
}

/** Keys that are pressed in a row make one deployment: each one starts new execution environments. */
const DEPLOY_AFTER_MS = 250;

/**
 * Lets keys turn the dial, and carries the dial's trouble into the worker's environment variables as a new deployment
 * of its configuration would: calls under way end with the old ones, later calls see the new ones.
 */
export function startTroubleMaker(deps: TroubleMakerDeps): TroubleMaker {
  const { dial, clock, keyboard, onQuit } = deps;
  const stopping = new AbortController();
  let isDeploymentDue = false;

  async function deploySoon(): Promise<void> {
    if (isDeploymentDue) return;
    isDeploymentDue = true;
    await clock.sleep(DEPLOY_AFTER_MS, stopping.signal);
    isDeploymentDue = false;
    if (!stopping.signal.aborted) deployTrouble(deps);
  }

  function onInput(input: string): void {
    for (const action of keyActions(input)) {
      if (action.kind === "quit") onQuit();
      else dial.turn(troubleAfter(action, dial.current()));
    }
  }

  dial.onTurn(() => void deploySoon());
  const releaseKeyboard = listenToKeys(keyboard, onInput);
  return {
    hasKeys: releaseKeyboard !== undefined,
    stop() {
      stopping.abort();
      releaseKeyboard?.();
    },
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

function variablesOf({ slowPercentage, errorPercentage }: WorkerTrouble): Record<string, string> {
  return { SLOW_PERCENTAGE: String(slowPercentage), ERROR_PERCENTAGE: String(errorPercentage) };
}
