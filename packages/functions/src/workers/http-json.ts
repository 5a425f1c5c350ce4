import { SluiceError } from "@sluice/core/errors";
import { isReadableOnTheWay } from "@sluice/core/provider";
import { requiredApi, workerEnvironment } from "../function-environment.ts";
import { defineWorker } from "./define-worker.ts";
import { fetchJson } from "./fetch-json.ts";
import { secretOf } from "./secret.ts";

/** The one secret that this worker uses. */
const TOKEN = "ApiToken";

/** Text that a header can carry: without line ends, which a secret read from a file may have. */
const HEADER_SAFE = /^[\x21-\x7e]+$/;

const api = requiredApi();
const headers = authorization();

/**
 * The worker for a provider that answers `GET {PROVIDER_BASE_URL}/records/{id}` with JSON. If the provider's definition
 * names the secret `ApiToken`, every request carries it as a bearer token. The worker keeps nothing of what it
 * fetches, and logs none of it: records may be confidential. A provider whose records are to be stored gets a worker of
 * its own that stores what `fetchJson` returns.
 */
export const handler: ReturnType<typeof defineWorker> = defineWorker(async ({ recordId, signal }) => {
  await fetchJson(api, recordId, signal, { headers });
});

function authorization(): Readonly<Record<string, string>> {
  if (!workerEnvironment().provider.worker.secrets.includes(TOKEN)) return {};
  if (isReadableOnTheWay(api.baseUrl)) {
    const problem = `The secret ${TOKEN} must not go out unencrypted: PROVIDER_BASE_URL must begin with https:`;
    throw new SluiceError("environment-invalid", problem);
  }
  const token = secretOf(TOKEN);
  if (HEADER_SAFE.test(token)) return { authorization: `Bearer ${token}` };
  const problem = `The secret ${TOKEN} has characters, such as a space or a line end, that a bearer token can't have`;
  throw new SluiceError("environment-invalid", problem);
}
