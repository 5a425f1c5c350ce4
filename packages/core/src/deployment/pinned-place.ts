import type { Environment } from "./environment.ts";

/** An account and a region of AWS, as far as they are known. */
export interface Place {
  readonly accountId?: string | undefined;
  readonly region?: string | undefined;
}

/** The places where a deploy would go and an environment does not belong, one sentence each. */
export function strayFrom({ name, ...pinned }: Environment, { accountId, region }: Place): string[] {
  const file = `environments/${name}.json`;
  return [
    ...(accountId === undefined || accountId === pinned.accountId
      ? []
      : [
          `The credentials are of account ${accountId}; ${file} says ${pinned.accountId}. Choose others, such as with AWS_PROFILE`,
        ]),
    ...(region === undefined || region === pinned.region
      ? []
      : [`The region is ${region}; ${file} says ${pinned.region}. Unset AWS_REGION, or set it to that`]),
  ];
}
