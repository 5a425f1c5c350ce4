import type { Environment } from "@sluice/core/deployment";
import type { Account } from "./ports/account.ts";
import type { RunNames } from "./run-names.ts";
import type { Surroundings } from "./surroundings.ts";
import type { Timing } from "./timing.ts";

/** The parts of the command. */
export interface CommandDeps {
  readonly environment: Environment;
  readonly account: Account;
  readonly names: RunNames;
  readonly timing: Timing;
  readonly surroundings: Surroundings;
}
