import type { SqsAnswer } from "../cloud/sqs/operation.ts";
import type { AroundSqs } from "../cloud/sqs/virtual-sqs-client.ts";
import type { FaultsInForce } from "./faults-in-force.ts";

interface BatchEntry {
  readonly Id: string;
}

/** Lets SQS report some entries of batches as failed that it has carried out all the same. */
export function failingEntries(
  around: AroundSqs,
  faults: FaultsInForce,
  random: { next(): number },
): AroundSqs {
  function withFailures(answer: SqsAnswer, ratio: number): SqsAnswer {
    const entries = (answer.Successful ?? []) as readonly BatchEntry[];
    const failed = entries.filter(() => random.next() < ratio);
    if (failed.length === 0) return answer;
    faults.struck("failed-entries");
    const failures = failed.map(({ Id }) => ({ Id, Code: "InternalError", SenderFault: false }));
    return {
      ...answer,
      Successful: entries.filter((entry) => !failed.includes(entry)),
      Failed: [...((answer.Failed ?? []) as readonly BatchEntry[]), ...failures],
    };
  }

  return async (request, apply) => {
    const answer = await around(request, apply);
    const [fault] = faults.of("failed-entries");
    return fault !== undefined && request.operation.endsWith("Batch")
      ? withFailures(answer, fault.ratio)
      : answer;
  };
}
