import { SluiceError } from "@sluice/core/errors";
import { type Lane, type Provider, type ProviderInput, parseProvider } from "@sluice/core/provider";
import type { VirtualClock } from "../virtual-time/virtual-clock.ts";
import type { DayMappings } from "./day-mappings.ts";
import type { FaultOf } from "./faults-in-force.ts";
import type { OrderFault } from "./operators.ts";
import type { Fault } from "./story.ts";

/** The parts on which people, and AWS itself, act. */
export interface DeedsDeps {
  readonly clock: VirtualClock;
  readonly mappings: DayMappings;
  /** The contract that is deployed first. */
  readonly contract: ProviderInput;
  deploy(provider: Provider): void;
  redrive(): void;
  deleteState(): void;
  order(fault: OrderFault): void;
}

/** A mapping that is being deleted, created or updated is looked at again after this time. */
const LOOK_AGAIN_MS = 5_000;

/** Does what people and AWS do at an instant of a story; other faults are left alone. */
export function createDeeds(deps: DeedsDeps): (fault: Fault) => void {
  const { clock, mappings } = deps;
  let contract = deps.contract;

  function deploy(change: Partial<ProviderInput>): void {
    try {
      const next = { ...contract, ...change };
      const provider = parseProvider(next, "of the story");
      contract = next;
      deps.deploy(provider);
    } catch (thrown) {
      // A contract that contradicts itself is refused before anything is deployed.
      if (!(thrown instanceof SluiceError)) throw thrown;
    }
  }

  function mappingOf(lane: Lane) {
    const uuid = mappings.find(lane);
    return uuid === undefined ? undefined : mappings.account.find(uuid);
  }

  function edit(fault: FaultOf<"mapping-edited">): void {
    const { lane, batchSize, maximumConcurrency } = fault;
    const outcome = mappingOf(lane)?.update({ batchSize, maximumConcurrency });
    if (outcome?.kind === "refused") clock.at(clock.nowMs() + LOOK_AGAIN_MS, () => edit(fault));
  }

  function renew(lane: Lane): void {
    const uuid = mappings.find(lane);
    const outcome = uuid === undefined ? undefined : mappings.account.remove(uuid);
    if (outcome?.kind === "refused") clock.at(clock.nowMs() + LOOK_AGAIN_MS, () => renew(lane));
    else createWhenGone(lane);
  }

  function createWhenGone(lane: Lane): void {
    clock.at(clock.nowMs() + LOOK_AGAIN_MS, () => {
      if (mappings.find(lane) !== undefined) return;
      mappings.create(lane);
      createWhenGone(lane);
    });
  }

  return (fault) => {
    switch (fault.kind) {
      case "deploy":
        return deploy(fault.contract);
      case "redrive":
        return deps.redrive();
      case "state-deleted":
        return deps.deleteState();
      case "hold":
      case "pin":
      case "force":
        return deps.order(fault);
      case "mapping-renewed":
        return renew(fault.lane);
      case "mapping-disabled":
        return mappingOf(fault.lane)?.disableByLambda();
      case "mapping-edited":
        return edit(fault);
      default:
        return undefined;
    }
  };
}
