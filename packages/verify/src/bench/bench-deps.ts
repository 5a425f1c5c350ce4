import type { Clock, Ids } from "@sluice/core/ports";
import type { Account } from "../ports/account.ts";
import type { Ledger } from "../removal/ledger.ts";
import type { BenchNames } from "../run-names.ts";
import type { Timing } from "../timing.ts";

/** The parts of a bench. */
export interface BenchDeps {
  readonly account: Account;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly timing: Timing;
  readonly names: BenchNames;
  readonly ledger: Ledger;
  readonly interrupt: AbortSignal;
  say(line: string): void;
}
