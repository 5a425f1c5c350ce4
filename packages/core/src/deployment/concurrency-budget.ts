import { LAMBDA_UNRESERVED_MIN } from "../aws-bounds.ts";
import { LANES } from "../provider/lane.ts";
import type { Provider } from "../provider/provider.ts";
import { mostInvocationsOf } from "../valve/mapping-shape.ts";
import type { DeployedProvider } from "./deployed-provider.ts";
import type { Environment } from "./environment.ts";

/** Rounds of the waker at once: one is enough, and a second would only repeat it. */
export const WAKER_CONCURRENCY = 1;

/** Concurrent invocations of one provider's functions. */
export interface ConcurrencyNeed {
  /** Of worker and waker, which are reserved. */
  readonly reserved: number;
  /** Of all its functions: about 2 X + 3. */
  readonly all: number;
}

/** The most invocations that a provider's functions ever need at once. */
export function concurrencyNeedOf(provider: Provider): ConcurrencyNeed {
  const most = mostInvocationsOf(provider);
  const ventilators = LANES.reduce((sum, lane) => sum + most[lane], 0);
  const reserved = provider.maxConcurrency + WAKER_CONCURRENCY;
  return { reserved, all: reserved + ventilators };
}

/**
 * Says what to ask AWS for where the catalog does not fit the account; empty where it does, or where the environment does
 * not want to know.
 * @param deployed every provider in every environment with a file; those of other accounts and regions don't count
 */
export function overbooked(environment: Environment, deployed: readonly DeployedProvider[]): string[] {
  const { name, accountId, region, lambda } = environment;
  if (lambda === undefined || !lambda.isReserved) return [];
  const needs = deployed
    .filter((one) => one.environment.accountId === accountId && one.environment.region === region)
    .map(needIn);
  const sumOf = (key: keyof ConcurrencyNeed) => needs.reduce((sum, need) => sum + need[key], 0);
  const needed = Math.max(sumOf("all"), sumOf("reserved") + LAMBDA_UNRESERVED_MIN);
  if (needed <= lambda.concurrency) return [];
  const largest = needs.toSorted((one, other) => other.all - one.all).slice(0, LARGEST_COUNT);
  const list = largest.map(({ stage, all }) => `${stage} ${all}`).join(", ");
  return [
    [
      `The providers of account ${accountId} in ${region} need ${needed} concurrent invocations (${list}${needs.length > LARGEST_COUNT ? ", …" : ""}; ${LAMBDA_UNRESERVED_MIN} stay unreserved), and environments/${name}.json has lambda.concurrency ${lambda.concurrency}`,
      `Ask AWS for ${needed}: Service Quotas, AWS Lambda, Concurrent executions (L-B99A9384), in ${region}. Then write what you were granted into the file, or lambda.reserve false to do without`,
    ].join(". "),
  ];
}

/** Stages that are named in a refusal. */
const LARGEST_COUNT = 5;

/** The need of a provider in its environment, which may reserve nothing and takes what is left. */
function needIn({ environment: { name, lambda }, provider }: DeployedProvider) {
  const { reserved, all } = concurrencyNeedOf(provider);
  return {
    stage: `${provider.id} in ${name}`,
    all,
    reserved: lambda?.isReserved === true ? reserved : 0,
  };
}
