import type { Random } from "@sluice/core/ports";
import { type SdkRequest, sendLikeSdk } from "../cloud/sdk/sdk-calls.ts";
import type { VirtualClock } from "../virtual-time/virtual-clock.ts";
import type { Lifeline } from "../world/lifeline.ts";
import type { FaultsInForce } from "./faults-in-force.ts";
import { createSendingFates } from "./sending-fates.ts";
import type { Role } from "./story.ts";

/** Sends the requests of one execution environment, which may crash or freeze at any of them. */
export interface EnvironmentCalls {
  send<T>(request: SdkRequest, apply: () => T | Promise<T>, client: ClientSettings): Promise<T>;
}

/** The settings of a client of the SDK. */
export interface ClientSettings {
  readonly attemptsMax: number;
  readonly giveUpAfterMs: number;
}

/** The parts that an environment's calls work with. */
export interface EnvironmentCallsDeps {
  readonly clock: VirtualClock;
  readonly faults: FaultsInForce;
  readonly random: Random;
  readonly role: Role | "scheduler" | "operator";
  readonly lifeline: Lifeline;
  /** Ends the environment. */
  crash(): void;
}

/** Makes the calls of an environment. */
export function createEnvironmentCalls(deps: EnvironmentCallsDeps): EnvironmentCalls {
  const { clock, faults, random, role, lifeline } = deps;
  const fateOf = createSendingFates(faults, random);
  const strikes = (kind: "crash" | "freeze") =>
    faults.of(kind).find((fault) => fault.role === role && random.next() < fault.ratio);

  function send<T>(
    request: SdkRequest,
    apply: () => T | Promise<T>,
    { attemptsMax, giveUpAfterMs }: ClientSettings,
  ): Promise<T> {
    const crash = strikes("crash");
    if (crash !== undefined) return crashAt(apply);
    const freeze = strikes("freeze");
    if (freeze?.kind === "freeze") {
      faults.struck("freeze");
      lifeline.freeze(freeze.freezeMs);
    }
    const pause = (durationMs: number) => lifeline.clock.sleep(durationMs);
    return lifeline.outlive(
      sendLikeSdk(request, apply, { clock, random, attemptsMax, giveUpAfterMs, fateOf, pause }),
    );
  }

  /** Dies before the request is sent, or as its answer arrives. */
  async function crashAt<T>(apply: () => T | Promise<T>): Promise<T> {
    faults.struck("crash");
    if (random.next() < 0.5) await (async () => apply())().catch(() => {});
    deps.crash();
    return new Promise(() => {});
  }

  return { send };
}
