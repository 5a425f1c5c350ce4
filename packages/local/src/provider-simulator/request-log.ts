/** A request as its provider saw it, in epoch ms. */
export interface RequestSpan {
  readonly startedAtMs: number;
  readonly endedAtMs: number;
}

/** All requests that a provider has seen. Instants are milliseconds since the epoch. */
export interface RequestLog {
  /** Notes that a request has come, and returns the function that notes its end. */
  started(atMs: number): (atMs: number) => void;
  /** The number of requests that came at an instant or later. */
  startCountSince(sinceMs: number): number;
  /** The requests in the order in which they came; one that is in flight ends now. */
  spans(nowMs: number): readonly RequestSpan[];
}

/** Makes a log without requests. */
export function createRequestLog(): RequestLog {
  const requests: { startedAtMs: number; endedAtMs?: number }[] = [];
  return {
    started(startedAtMs) {
      const request: (typeof requests)[number] = { startedAtMs };
      requests.push(request);
      return (endedAtMs) => {
        request.endedAtMs = endedAtMs;
      };
    },
    startCountSince: (sinceMs) =>
      requests.length - 1 - requests.findLastIndex(({ startedAtMs }) => startedAtMs < sinceMs),
    spans: (nowMs) =>
      requests.map(({ startedAtMs, endedAtMs = nowMs }) => ({
        startedAtMs,
        endedAtMs: Math.max(startedAtMs, endedAtMs),
      })),
  };
}
