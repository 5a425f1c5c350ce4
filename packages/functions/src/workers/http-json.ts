import { requiredBaseUrl } from "../environment.ts";
import { defineWorker } from "./define-worker.ts";
import { fetchJson } from "./fetch-json.ts";

const baseUrl = requiredBaseUrl();

/** The worker for a provider that answers `GET {PROVIDER_BASE_URL}/records/{id}` with JSON. */
export const handler: ReturnType<typeof defineWorker> = defineWorker(async ({ recordId, signal, log }) => {
  const record = await fetchJson(baseUrl, recordId, signal);
  log.debug("record fetched", { record });
});
