import type { SqsAnswer } from "../cloud/sqs/operation.ts";
import type { AroundSqs } from "../cloud/sqs/virtual-sqs-client.ts";
import type { FaultsInForce } from "./faults-in-force.ts";

interface BatchEntry {
  readonly Id: string;
}

/** Lets SQS report some entries of batches as failed: half of them it has not carried out, the others all the same. */
export function failingEntries(
  around: AroundSqs,
  faults: FaultsInForce,
  random: { next(): number },
): AroundSqs {
  return async (request, apply) => {
    const [fault] = faults.of("failed-entries");
    if (fault === undefined || !request.operation.endsWith("Batch")) return around(request, apply);
    const { Entries: entries } = request.input as { readonly Entries: readonly BatchEntry[] };
    const left = entries.filter(() => random.next() >= fault.ratio / 2);
    const carryOut = () =>
      left.length > 0 ? apply({ ...request.input, Entries: left }) : Promise.resolve({ $metadata: {} });
    const answer = await around(request, carryOut);
    const done = (answer.Successful ?? []) as readonly BatchEntry[];
    const denied = done.filter(() => random.next() < fault.ratio / 2);
    const failed = [...entries.filter((entry) => !left.includes(entry)), ...denied];
    if (failed.length === 0) return answer;
    faults.struck("failed-entries");
    return withFailures(answer, failed);
  };
}

function withFailures(answer: SqsAnswer, failed: readonly BatchEntry[]): SqsAnswer {
  const ids = new Set(failed.map(({ Id }) => Id));
  const failures = failed.map(({ Id }) => ({ Id, Code: "InternalError", SenderFault: false }));
  return {
    ...answer,
    Successful: ((answer.Successful ?? []) as readonly BatchEntry[]).filter(({ Id }) => !ids.has(Id)),
    Failed: [...((answer.Failed ?? []) as readonly BatchEntry[]), ...failures],
  };
}
