import { BATCH_SIZE_MAX, RETENTION_MAX_MS } from "../../aws-bounds.ts";
import { readDeadLetters } from "../../dead-letters/read-dead-letters.ts";
import type { Check } from "../check.ts";
import type { DoctorDeps } from "../doctor-deps.ts";
import { EXPIRY_WARNING_MS } from "../expiry-warning.ts";
import type { Result } from "../finding.ts";
import type { Mends } from "../mends.ts";
import { spanText } from "../span-text.ts";

/** No dead letter is about to be forgotten by its queue. */
export const deadLettersCheck: Check = {
  name: "dead-letters",
  reads: "the age of the oldest dead letter, or of the first ten where that can't be had",
  why: "after fourteen days SQS deletes a dead letter, and with it the record that somebody wants",
  async run(deps, { sluice }) {
    const reading = await deps.deployed.oldestMessageAgeMs("dead-letter");
    if (reading.kind === "read" && reading.value !== undefined) return byAge(reading.value, { sluice });
    return byLetters(deps, { sluice });
  },
};

/** SQS hands out the oldest first, but for groups that somebody else looks at. */
async function byLetters(deps: DoctorDeps, mends: Pick<Mends, "sluice">): Promise<Result> {
  const deadLetters = await deps.openDeadLetters();
  const { visibleCount } = await deadLetters.depth();
  if (visibleCount === 0) return { kind: "good", found: "there is none" };
  const { letters } = await readDeadLetters(
    { maxCount: BATCH_SIZE_MAX, waitForOthersMs: 0 },
    { ...deps, deadLetters },
  );
  const times = letters.map(({ deadLetteredAtMs }) => deadLetteredAtMs);
  if (times.length === 0) return { kind: "good", found: "none is to be seen now" };
  return byAge(deps.clock.nowMs() - Math.min(...times), mends);
}

function byAge(ageMs: number, { sluice }: Pick<Mends, "sluice">): Result {
  const found = ageMs <= 0 ? "there is none" : `the oldest is ${spanText(ageMs)} old`;
  const isNear = ageMs >= RETENTION_MAX_MS - EXPIRY_WARNING_MS;
  return isNear ? { kind: "bad", found, mend: sluice("dead list") } : { kind: "good", found };
}
