import { concurrencyNeedOf } from "../../deployment/concurrency-budget.ts";
import type { Check } from "../check.ts";
import { resultOf } from "../finding.ts";
import { unread } from "../unread.ts";

/** The account has room for the provider's functions. */
export const concurrencyCheck: Check = {
  name: "concurrency",
  reads: "what Lambda reserves for the worker, and the account's limit",
  why: "a worker that is throttled can't begin, and X can't be used; one without a bound of its own may be starved by others",
  async run({ provider, deployed }, { deploy }) {
    const [worker, account] = [await deployed.function("worker"), await deployed.concurrency()];
    if (worker.kind !== "read") return unread(worker);
    if (account.kind !== "read") return unread(account);
    if (worker.value === undefined) return { kind: "bad", found: "there is no worker", mend: deploy };
    const { reservedConcurrency: reserved } = worker.value;
    const { limit, unreserved } = account.value;
    const { maxConcurrency } = provider;
    const need = concurrencyNeedOf(provider);
    const ofOthers = reserved === undefined ? need.all : need.all - need.reserved;
    const problems = [
      ...(reserved !== undefined && reserved < maxConcurrency
        ? [`the worker has ${reserved} reserved, and X is ${maxConcurrency}`]
        : []),
      ...(unreserved < ofOthers
        ? [
            `the account has ${unreserved} of ${limit} unreserved, and this provider's functions need ${ofOthers} of them`,
          ]
        : []),
    ];
    const has =
      reserved === undefined ? "nothing is reserved for the worker" : `${reserved} are the worker's`;
    const good = `${has}; the account has ${limit}, ${unreserved} of them unreserved`;
    const mend = problems.length === 1 && problems[0]?.startsWith("the worker") ? deploy : ASK_FOR_MORE;
    return resultOf(problems, good, mend);
  },
};

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const ASK_FOR_MORE =
  "aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value <n>";
