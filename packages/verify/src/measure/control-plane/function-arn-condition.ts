import * as z from "zod";
import type { Bench } from "../../bench/bench.ts";
import { AT_FIRST } from "../../bench/making.ts";
import { whenSettled } from "../../bench/when-settled.ts";
import { type Finding, found, type Measurement } from "../measurement.ts";

const ACCEPTED = "accepted";
const DENIED = "AccessDeniedException";
/** IAM may take some seconds to know of a role's rights: a refusal in the first moments says nothing. */
const KNOWN_WITHIN_MS = 30_000;
const TRY_EVERY_MS = 3_000;

/** An update under a role that may update the mappings of one function alone, by a condition. */
export const functionArnCondition: Measurement = {
  id: "function-arn-condition",
  rows: ["function-arn-condition"],
  title: "updates mappings under a role that may update those of one function",
  needs: ["mapping", "otherMapping"],
  duration: () => ({ typicalMinutes: 0.3, mostMinutes: 5 }),
  messagesMax: () => 0,
  run: async (bench) => ({ findings: [await tryBoth(bench)] }),
};

async function tryBoth(bench: Bench): Promise<Finding> {
  const about = {
    row: "function-arn-condition",
    what: "an update by a role whose right has the condition lambda:FunctionArn: of that function's mapping, of another one's",
    assumed: `${ACCEPTED}, ${DENIED}`,
  };
  const [own, other] = [await bench.mapping(), await bench.otherMapping()];
  const ofOwn = await tryUntilKnown(bench, own.uuid);
  const ofOther = await tryUpdate(bench, other.uuid);
  return found(about, ofOwn === ACCEPTED && ofOther === DENIED, `${ofOwn}, ${ofOther}`);
}

async function tryUntilKnown(bench: Bench, uuid: string): Promise<string> {
  const untilMs = bench.clock.nowMs() + KNOWN_WITHIN_MS;
  let answer = await tryUpdate(bench, uuid);
  while (answer === DENIED && bench.clock.nowMs() < untilMs) {
    await bench.pause(TRY_EVERY_MS);
    answer = await tryUpdate(bench, uuid);
  }
  return answer;
}

const answerSchema = z.object({ answer: z.string() });

/** Has the updater update a mapping; answers with `accepted`, or AWS's name for the refusal. */
async function tryUpdate(bench: Bench, uuid: string): Promise<string> {
  await whenSettled(bench, uuid);
  const event = { uuid, batchSize: AT_FIRST.batchSize };
  return answerSchema.parse(await bench.account.functions.invoke(bench.names.updater, event)).answer;
}
