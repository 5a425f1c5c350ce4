import type { Provider } from "../provider/provider.ts";
import { BASE_URL } from "../provider/relations.ts";

/** A worker to try things with: without an address it calls nobody. */
const DEMO_WORKER = "demo";
/** The worker that can do nothing without an address. */
const HTTP_WORKER = "http-json";

/**
 * The address of the API that a provider's worker calls; undefined where it calls none. A worker that has its address in its
 * code calls the same one everywhere.
 */
export function apiAddressOf({ worker }: Provider): string | undefined {
  const address = worker.environment[BASE_URL];
  if (address !== undefined) return new URL(address).href.replace(/\/$/, "");
  return worker.name === DEMO_WORKER ? undefined : `the address in its worker ${worker.name}`;
}

/** Says which address a provider's worker can't do without. */
export function missingAddress({ id, worker }: Provider): string[] {
  if (worker.name !== HTTP_WORKER || worker.environment[BASE_URL] !== undefined) return [];
  return [
    `${id} has no address: set worker.environment.${BASE_URL} in ${id}.json, such as https://${id}.example/v1`,
  ];
}
