import { messageOf } from "@sluice/core/errors";
import { ProviderFault, ProviderThrottled, RecordRejected } from "./call-errors.ts";
import { httpGet } from "./http-get.ts";
import { retryAfterMs } from "./retry-after.ts";

/** Additions to the request of a call. */
export interface FetchOptions {
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Fetches `GET {baseUrl}/records/{id}` and returns the JSON.
 * @throws ProviderThrottled on 429, and on 503 with Retry-After
 * @throws RecordRejected on the statuses that are the record's own fault
 * @throws ProviderFault on everything else, so that an expired key or a wrong address trips the breaker instead of
 * sending every record to the dead letters
 */
export async function fetchJson(
  baseUrl: string,
  recordId: string,
  signal: AbortSignal,
  { headers = {} }: FetchOptions = {},
): Promise<unknown> {
  const { origin, pathname } = new URL(baseUrl);
  // Joined as text: a URL would resolve the ids "." and ".." away.
  const path = `${pathname.replace(/\/$/, "")}/records/${encodeURIComponent(recordId)}`;
  const request = { origin, path, headers: { accept: "application/json", ...headers }, signal };
  const { status, retryAfter, text } = await answered(httpGet(request), signal);
  if (status >= 200 && status < 300) return parseJson(text);
  const waitMs = retryAfterMs(retryAfter, Date.now());
  if (status === 429 || (status === 503 && waitMs !== undefined)) {
    throw new ProviderThrottled(`HTTP ${status}`, waitMs);
  }
  if (RECORD_AT_FAULT.has(status)) throw new RecordRejected(`HTTP ${status}`);
  throw new ProviderFault(`HTTP ${status}`);
}

/** Bad request, not found, gone, conflict, too large, unprocessable: another try would be answered the same. */
const RECORD_AT_FAULT: ReadonlySet<number> = new Set([400, 404, 405, 406, 409, 410, 413, 414, 415, 422]);

async function answered<T>(call: Promise<T>, signal: AbortSignal): Promise<T> {
  try {
    return await call;
  } catch (thrown) {
    if (signal.aborted) throw signal.reason;
    throw new ProviderFault(`no connection: ${messageOf(thrown)}`);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ProviderFault("the answer is not JSON");
  }
}
