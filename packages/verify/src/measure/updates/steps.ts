import { AT_FIRST } from "../../bench/making.ts";
import type { TurnedSettings } from "../../ports/mapping-calls.ts";
import {
  isLargerThan,
  isMoreThan,
  isNotLargerThan,
  isNotMoreThan,
  isPolling,
  isSilent,
  type Sign,
} from "./signs.ts";

/** An update that is measured. */
export interface Step {
  readonly what: string;
  readonly change: Partial<TurnedSettings>;
  readonly sign: Sign;
  /** The state that the model puts the mapping in meanwhile. */
  readonly state: "Enabling" | "Disabling" | "Updating";
}

const { batchSize: SMALL, maximumConcurrency: FEW } = AT_FIRST;
const LARGE = 5;
/** Most batches at once that a step lets run. */
export const MANY = 10;

/** A round of updates: each field up and down, from the settings of a new mapping and back to them. */
export const STEPS: readonly Step[] = [
  { what: "enabled", change: { isEnabled: true }, sign: isPolling, state: "Enabling" },
  {
    what: `batch size ${SMALL} to ${LARGE}`,
    change: { batchSize: LARGE },
    sign: isLargerThan(SMALL),
    state: "Updating",
  },
  {
    what: `maximum concurrency ${FEW} to ${MANY}`,
    change: { maximumConcurrency: MANY },
    sign: isMoreThan(FEW),
    state: "Updating",
  },
  {
    what: `maximum concurrency ${MANY} to ${FEW}`,
    change: { maximumConcurrency: FEW },
    sign: isNotMoreThan(FEW),
    state: "Updating",
  },
  {
    what: `batch size ${LARGE} to ${SMALL}`,
    change: { batchSize: SMALL },
    sign: isNotLargerThan(SMALL),
    state: "Updating",
  },
  { what: "disabled", change: { isEnabled: false }, sign: isSilent, state: "Disabling" },
];
