import type { IncomingMessage } from "node:http";
import { messageOf } from "@sluice/core/errors";
import { collectGarbage } from "../collect-garbage.ts";
import type { ProviderApi } from "../function-environment.ts";
import { bodyText, dropBody } from "./answer-body.ts";
import { ProviderFault, ProviderThrottled, RecordRejected } from "./call-errors.ts";
import { httpGet } from "./http-get.ts";
import { retryAfterMs } from "./retry-after.ts";

/** Additions to the request of a call. */
export interface FetchOptions {
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
}

const BYTES_PER_MB = 1_000_000;
/** An answer from this length on takes megabytes once it is parsed. Few records are so long, so that few calls pay for it. */
const LARGE_ANSWER_LENGTH = 100_000;

/**
 * Fetches `GET {baseUrl}/records/{id}` and returns the JSON; undefined if nothing is an answer of this provider's, and
 * that is what came. The status decides before the body: of a failure's no more is read than keeps the connection.
 * @throws ProviderThrottled on 429, and on 503 with Retry-After
 * @throws RecordRejected on the statuses that are the record's own fault
 * @throws ProviderFault on everything else, so that an expired key or a wrong address trips the breaker instead of
 * sending every record to the dead letters
 */
export async function fetchJson(
  { baseUrl, answer: expected }: ProviderApi,
  recordId: string,
  signal: AbortSignal,
  { headers = {} }: FetchOptions = {},
): Promise<unknown> {
  const { origin, pathname } = new URL(baseUrl);
  // Joined as text: a URL would resolve the ids "." and ".." away.
  const path = `${pathname.replace(/\/$/, "")}/records/${encodeURIComponent(recordId)}`;
  const request = { origin, path, headers: { accept: "application/json", ...headers }, signal };
  const answer = await connected(httpGet(request), signal);
  const failure = failureOf(answer);
  if (failure !== undefined) {
    await dropBody(answer);
    throw failure;
  }
  const text = await connected(bodyText(answer, expected.maxMb * BYTES_PER_MB), signal);
  if (text === undefined) {
    throw new ProviderFault(
      `the answer is longer than ${expected.maxMb} MB, worker.answer.maxMb in the data file`,
    );
  }
  // What the last one took is still there, and the memory is meant for one.
  if (text.length >= LARGE_ANSWER_LENGTH) collectGarbage();
  if (text.trim() !== "") return parseJson(text);
  if (expected.mayBeEmpty) return undefined;
  throw new ProviderFault("the answer is empty, and the data file has no worker.answer.mayBeEmpty");
}

/** Bad request, not found, gone, conflict, too large, unprocessable: another try would be answered the same. */
const RECORD_AT_FAULT: ReadonlySet<number> = new Set([400, 404, 405, 406, 409, 410, 413, 414, 415, 422]);

/** The end that a status means; undefined for a success. */
function failureOf({ statusCode: status = 0, headers }: IncomingMessage): Error | undefined {
  if (status >= 200 && status < 300) return undefined;
  const waitMs = retryAfterMs(headers["retry-after"], Date.now());
  if (status === 429 || (status === 503 && waitMs !== undefined)) {
    return new ProviderThrottled(`HTTP ${status}`, waitMs);
  }
  if (RECORD_AT_FAULT.has(status)) return new RecordRejected(`HTTP ${status}`);
  return new ProviderFault(`HTTP ${status}`);
}

async function connected<T>(part: Promise<T>, signal: AbortSignal): Promise<T> {
  try {
    return await part;
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
