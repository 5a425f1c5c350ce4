import { systemRandom } from "@sluice/aws/system-random";
import { type Diagnosis, examine } from "@sluice/core/doctor";
import type { Desk } from "./desk.ts";

/** Examines a provider's deployment, as `sluice doctor` does. It changes nothing, and never throws. */
export function examineDesk({ access, environment, isLocal }: Desk): Promise<Diagnosis> {
  const { steering, history, runs, deployed } = access;
  return examine({
    ...steering,
    place: { kind: isLocal ? "local" : "aws", environment },
    history,
    runs,
    deployed,
    random: systemRandom,
    openDeadLetters: async () => (await access.queues()).deadLetters,
  });
}
