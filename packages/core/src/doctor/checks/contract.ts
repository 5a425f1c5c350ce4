import type { Provider } from "../../provider/provider.ts";
import { queueTagsOf } from "../../provider/queue-tags.ts";
import type { Check } from "../check.ts";
import { differencesOf } from "../differences.ts";
import type { DoctorDeps } from "../doctor-deps.ts";
import { resultOf } from "../finding.ts";

/** The contract that the waker works by is the one that is deployed, and the one that the data file has. */
export const contractCheck: Check = {
  name: "contract",
  reads: "the contract in the table, beside the deployed functions', the queue's tags and the data file",
  why: "X, windows and quotas are kept as the deployed contract has them, whatever the data file says meanwhile",
  async run(deps, { deploy, logsOf }) {
    const stored = await deps.history.contract();
    if (stored === undefined) {
      return { kind: "bad", found: "the waker has stored no contract yet", mend: logsOf("waker") };
    }
    const compared: string[] = [];
    const problems: string[] = [];
    for (const { name, value } of await othersOf(stored, deps)) {
      compared.push(name);
      const differences = differencesOf(comparable(stored), comparable(value));
      if (differences.length > 0) problems.push(`${name} has ${differences.slice(0, NAMED_MAX).join(", ")}`);
    }
    const beside =
      compared.length === 0 ? "nothing to compare it with" : `the same in ${compared.join(", ")}`;
    return resultOf(problems, `X is ${stored.maxConcurrency}; ${beside}`, deploy);
  },
};

/** Differences that are named. */
const NAMED_MAX = 4;

/** Others that have the contract, or a part of it, as far as that may be read. */
async function othersOf(
  stored: Provider,
  { deployed }: DoctorDeps,
): Promise<readonly { readonly name: string; readonly value: unknown }[]> {
  const [queue, ventilator, waker, configured] = await Promise.all([
    deployed.queue("records"),
    deployed.function("ventilator"),
    deployed.function("waker"),
    deployed.configuredProvider(),
  ]);
  const tags = queue.kind === "read" ? queue.value?.tags : undefined;
  const inFunction = (reading: typeof waker) =>
    reading.kind === "read" ? reading.value?.provider : undefined;
  const inFile = configured.kind === "read" ? configured.value : undefined;
  return [
    { name: "the ventilator", value: inFunction(ventilator) },
    { name: "the waker", value: inFunction(waker) },
    { name: "the queue's tags", value: tags && taggedProvider(stored, tags) },
    { name: "the data file", value: inFile },
  ].filter(({ value }) => value !== undefined);
}

/** The stored contract with what the tags say of it. */
function taggedProvider(stored: Provider, tags: Readonly<Record<string, string>>): unknown {
  const wanted = Object.entries(queueTagsOf(stored));
  const isAsTagged = wanted.every(([name, value]) => tags[name] === value);
  return isAsTagged ? stored : { ...stored, maxConcurrency: tags[wanted[0]?.[0] ?? ""] ?? null };
}

/** The stored contract has none of the worker's own settings, and a description changes nothing. */
function comparable(provider: unknown): unknown {
  const { description: _, ...rest } = Object(provider);
  return { ...rest, worker: { ...Object(rest.worker), environment: {} } };
}
