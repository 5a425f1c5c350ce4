import { requiredBaseUrl } from "../environment.ts";
import { defineWorker } from "./define-worker.ts";
import { fetchJson } from "./fetch-json.ts";

const baseUrl = requiredBaseUrl();

/**
 * The worker for a provider that answers `GET {PROVIDER_BASE_URL}/records/{id}` with JSON. It keeps nothing of what it
 * fetches, and logs none of it: records may be confidential. A provider whose records are to be stored gets a worker of
 * its own that stores what `fetchJson` returns.
 */
export const handler: ReturnType<typeof defineWorker> = defineWorker(async ({ recordId, signal }) => {
  await fetchJson(baseUrl, recordId, signal);
});
