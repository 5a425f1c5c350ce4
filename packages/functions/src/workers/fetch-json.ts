import { Agent } from "undici";
import { ProviderFault, ProviderThrottled, RecordRejected } from "./errors.ts";
import { retryAfterMs } from "./retry-after.ts";

/** One worker runs one call at a time; the connection stays open for the next. */
const agent = new Agent({ connections: 1, keepAliveTimeout: 30_000 });

/**
 * Fetches `GET {baseUrl}/records/{id}` and returns the JSON.
 * @throws ProviderThrottled on 429, and on 503 with Retry-After
 * @throws RecordRejected on the statuses that are the record's own fault
 * @throws ProviderFault on everything else, so that an expired key or a wrong address trips the breaker instead of
 * sending every record to the dead letters
 */
export async function fetchJson(baseUrl: string, recordId: string, signal: AbortSignal): Promise<unknown> {
  const { origin, pathname } = new URL(baseUrl);
  // As it stands: a URL would resolve the ids "." and ".." away.
  const path = `${pathname.replace(/\/$/, "")}/records/${encodeURIComponent(recordId)}`;
  const headersOfOurs = { accept: "application/json" };
  const { statusCode, headers, body } = await answered(
    agent.request({ origin, path, method: "GET", signal, headers: headersOfOurs }),
    signal,
  );
  const text = await answered(body.text(), signal);
  if (statusCode >= 200 && statusCode < 300) return parseJson(text);
  const waitMs = retryAfterMs(headers["retry-after"], Date.now());
  if (statusCode === 429 || (statusCode === 503 && waitMs !== undefined)) {
    throw new ProviderThrottled(`HTTP ${statusCode}`, waitMs);
  }
  if (RECORD_AT_FAULT.has(statusCode)) throw new RecordRejected(`HTTP ${statusCode}`);
  throw new ProviderFault(`HTTP ${statusCode}`);
}

/** Bad request, not found, gone, conflict, too large, unprocessable: another try would answer the same. */
const RECORD_AT_FAULT: ReadonlySet<number> = new Set([400, 404, 405, 406, 409, 410, 413, 414, 415, 422]);

async function answered<T>(call: Promise<T>, signal: AbortSignal): Promise<T> {
  try {
    return await call;
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    throw new ProviderFault(`no connection: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ProviderFault("the answer is not JSON");
  }
}
