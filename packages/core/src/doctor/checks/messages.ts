import { RETENTION_MAX_MS } from "../../aws-bounds.ts";
import { readOpenRuns } from "../../operator/open-runs.ts";
import type { Reading } from "../../ports/deployment-reader.ts";
import { LANES } from "../../provider/lane.ts";
import type { Check } from "../check.ts";
import type { DoctorDeps } from "../doctor-deps.ts";
import { EXPIRY_WARNING_MS } from "../expiry-warning.ts";
import type { Result } from "../finding.ts";
import type { Mends } from "../mends.ts";
import { spanText } from "../span-text.ts";
import { unread } from "../unread.ts";

/** No record's message is about to be forgotten by its queue. */
export const messagesCheck: Check = {
  name: "messages",
  reads: "the age of each lane's oldest message, or of the oldest open run where that can't be had",
  why: "SQS deletes a message that it has kept for its retention, whatever the breaker does",
  async run(deps, { sluice }) {
    const ages: number[] = [];
    const found: string[] = [];
    for (const lane of LANES) {
      const reading = await deps.deployed.oldestMessageAgeMs(lane);
      // SQS says nothing of a queue that has not been used for hours, be there messages in it or not.
      if (reading.kind !== "read" || reading.value === undefined) return byRuns(reading, deps, { sluice });
      ages.push(reading.value);
      found.push(
        `${lane}: ${reading.value === 0 ? "none waits" : `the oldest waits for ${spanText(reading.value)}`}`,
      );
    }
    return byAge(Math.max(...ages), found.join("; "), { sluice });
  },
};

/** No message is older than the run that sent it. */
async function byRuns(
  age: Reading<number | undefined>,
  { runs, clock }: DoctorDeps,
  mends: Pick<Mends, "sluice">,
): Promise<Result> {
  const { count, oldestAtMs } = await readOpenRuns(runs);
  if (count === 0) return { kind: "good", found: "no run is open" };
  if (oldestAtMs === undefined) {
    return age.kind === "read"
      ? { kind: "not-checked", cause: `SQS tells no age, and ${count} open runs are too many to look at` }
      : unread(age);
  }
  const ageMs = clock.nowMs() - oldestAtMs;
  return byAge(ageMs, `the oldest open run began ${spanText(ageMs)} ago`, mends);
}

function byAge(ageMs: number, found: string, { sluice }: Pick<Mends, "sluice">): Result {
  const isNear = ageMs >= RETENTION_MAX_MS - EXPIRY_WARNING_MS;
  return isNear ? { kind: "bad", found, mend: sluice("decisions --since 1d") } : { kind: "good", found };
}
