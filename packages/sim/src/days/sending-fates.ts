import type { Random } from "@sluice/core/ports";
import type { SdkRequest, SendingFate, Service } from "../cloud/sdk/sdk-calls.ts";
import { connectionError, type SdkError, serviceError } from "../cloud/sdk/sdk-error.ts";
import type { FaultsInForce } from "./faults-in-force.ts";
import { THROTTLE_NAMES } from "./throttle-names.ts";

const AS_USUAL: SendingFate = { kind: "answered", delayMs: 0 };

/** HTTP statuses of throttles; all others are 400. */
const THROTTLE_STATUSES: Readonly<Record<string, number>> = { TooManyRequestsException: 429, OverLimit: 403 };

/** Names of a service's own failures, by its API reference. */
const FAILURE_NAMES: Readonly<Record<Service, string>> = {
  dynamodb: "InternalServerError",
  sqs: "InternalFailure",
  lambda: "ServiceException",
  "lambda-control": "ServiceException",
  eventbridge: "InternalException",
};
/** Answers of a load balancer on the way, which have no name of the service's. */
const UNKNOWN_FAILURES = [
  { name: "UnknownError", status: 502 },
  { name: "UnknownError", status: 503 },
] as const;

/** A connection breaks within this time, if its answer was not there before: mostly in the first seconds. */
const LOST_WITHIN_MS = 60_000;

/** Decides the fate of each sending of a request by the faults that are in force. */
export function createSendingFates(
  faults: FaultsInForce,
  random: Random,
): (request: SdkRequest) => SendingFate {
  const concerns = (fault: { readonly service: Service; readonly ratio: number }, { service }: SdkRequest) =>
    fault.service === service && random.next() < fault.ratio;

  function failureOf(service: Service): { readonly name: string; readonly status: number } {
    const lot = Math.floor(random.next() * 4);
    return UNKNOWN_FAILURES[lot] ?? { name: FAILURE_NAMES[service], status: 500 };
  }

  function anyOf(names: readonly [string, ...string[]]): string {
    return names[Math.floor(random.next() * names.length)] ?? names[0];
  }

  return (request) => {
    if (faults.of("away").some(({ service }) => service === request.service)) {
      faults.struck("away");
      return random.next() < 0.5
        ? { kind: "unheard" }
        : { kind: "refused", error: connectionError("ECONNREFUSED") };
    }
    const throttle = faults.of("throttle").find((fault) => concerns(fault, request));
    if (throttle !== undefined) {
      faults.struck("throttle");
      return { kind: "refused", error: throttled(throttle.name ?? anyOf(THROTTLE_NAMES[request.service])) };
    }
    if (faults.of("fail").some((fault) => concerns(fault, request))) {
      faults.struck("fail");
      const error = serviceError(failureOf(request.service));
      return { kind: random.next() < 0.5 ? "refused" : "failed", error };
    }
    if (faults.of("lose-answers").some((fault) => concerns(fault, request))) {
      faults.struck("lose-answers");
      return {
        kind: "lost",
        error: connectionError("ECONNRESET"),
        afterMs: random.next() ** 4 * LOST_WITHIN_MS,
      };
    }
    const delay = faults.of("delay").find((fault) => concerns(fault, request));
    if (delay === undefined) return AS_USUAL;
    faults.struck("delay");
    return { kind: "answered", delayMs: delay.delayMs };
  };
}

function throttled(name: string): SdkError {
  return serviceError({ name, status: THROTTLE_STATUSES[name] ?? 400, message: "Rate exceeded" });
}
