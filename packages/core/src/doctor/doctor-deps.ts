import type { SteeringDeps } from "../operator/steering-deps.ts";
import type { DeploymentReader } from "../ports/deployment-reader.ts";
import type { HistoryStore } from "../ports/history-store.ts";
import type { BrowsableQueue } from "../ports/queue.ts";
import type { Random } from "../ports/random.ts";
import type { RunStore } from "../ports/run-store.ts";

/** Everything that a provider is examined with. */
export interface DoctorDeps
  extends Pick<
    SteeringDeps,
    "provider" | "law" | "items" | "bounds" | "store" | "orders" | "clock" | "log" | "quotas"
  > {
  readonly place: ExaminedPlace;
  readonly deployed: DeploymentReader;
  readonly history: Pick<HistoryStore, "latest" | "contract">;
  readonly runs: Pick<RunStore, "watched" | "read">;
  readonly random: Random;
  /** Finds the dead letters. @throws SluiceError, Unreachable */
  openDeadLetters(): Promise<BrowsableQueue>;
}

/** The place where the provider is deployed. */
export interface ExaminedPlace {
  readonly kind: "aws" | "local";
  readonly environment: string;
}
