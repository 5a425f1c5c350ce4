import type { Check } from "./check.ts";
import { alarmsCheck } from "./checks/alarms.ts";
import { clockCheck } from "./checks/clock.ts";
import { concurrencyCheck } from "./checks/concurrency.ts";
import { contractCheck } from "./checks/contract.ts";
import { deadLettersCheck } from "./checks/dead-letters.ts";
import { holdsCheck } from "./checks/holds.ts";
import { mappingsCheck } from "./checks/mappings.ts";
import { messagesCheck } from "./checks/messages.ts";
import { ownSideCheck } from "./checks/own-side.ts";
import { permissionsCheck } from "./checks/permissions.ts";
import { queuesCheck } from "./checks/queues.ts";
import { wakerCheck } from "./checks/waker.ts";
import type { DoctorDeps } from "./doctor-deps.ts";
import { CHECK_NAMES, type CheckName, type Finding } from "./finding.ts";
import { mendsFor } from "./mends.ts";
import { thrownOut } from "./unread.ts";

const CHECKS: Readonly<Record<CheckName, Check>> = {
  queues: queuesCheck,
  contract: contractCheck,
  permissions: permissionsCheck,
  concurrency: concurrencyCheck,
  waker: wakerCheck,
  mappings: mappingsCheck,
  "own-side": ownSideCheck,
  holds: holdsCheck,
  messages: messagesCheck,
  "dead-letters": deadLettersCheck,
  alarms: alarmsCheck,
  clock: clockCheck,
};

/** A provider as it was examined. */
export interface Diagnosis {
  readonly providerId: string;
  readonly atMs: number;
  /** Nothing that could be checked is bad. */
  readonly isWell: boolean;
  /** The bad news that is most likely the cause of the rest of it; absent without any. */
  readonly cause?: CheckName;
  /** One of each check, in the order of {@link CHECK_NAMES}. */
  readonly findings: readonly Finding[];
}

/** Examines a provider. It changes nothing, and never throws: a check that can't be made says so. */
export async function examine(deps: DoctorDeps): Promise<Diagnosis> {
  const mends = mendsFor(deps);
  const findings = await Promise.all(
    CHECK_NAMES.map(async (name): Promise<Finding> => {
      const { run, reads, why } = CHECKS[name];
      const result = await run(deps, mends).catch(thrownOut);
      return { check: name, reads, why, ...result };
    }),
  );
  const first = findings.find(({ kind }) => kind === "bad");
  return {
    providerId: deps.provider.id,
    atMs: deps.clock.nowMs(),
    isWell: first === undefined,
    ...(first !== undefined && { cause: first.check }),
    findings,
  };
}
