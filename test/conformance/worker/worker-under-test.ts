import { parseProvider } from "@sluice/core/provider";
import { WORKER_CONTRACT_VERSION, type WorkerReply } from "@sluice/core/worker";
import { vi } from "vitest";

type Handler = (event: unknown) => Promise<WorkerReply>;

/** A worker of the functions package: its name, and the import of its handler. */
export interface WorkerEntry {
  readonly name: string;
  load(): Promise<{ readonly handler: Handler }>;
}

/** A worker that calls a provider, with a deadline that comes when the test says so. */
export interface WorkerUnderTest {
  /** Calls it for the record `a`. */
  call(): Promise<WorkerReply["outcome"]>;
  /** Ends the time of the call under way. */
  expire(): void;
}

/** Longest answer that the workers under test expect, in bytes. */
export const ANSWER_MAX_BYTES = 1_000_000;

/** Loads a worker anew, for a provider at this address. */
export async function loadWorker(
  { load }: WorkerEntry,
  baseUrl: string,
  { mayBeEmpty = false }: { readonly mayBeEmpty?: boolean } = {},
): Promise<WorkerUnderTest> {
  let deadline = new AbortController();
  vi.resetModules();
  vi.doMock("@sluice/aws/system-abort-after", () => ({ systemAbortAfter: () => deadline.signal }));
  vi.stubEnv("POWERTOOLS_LOG_LEVEL", "SILENT");
  vi.stubEnv("PROVIDER_BASE_URL", baseUrl);
  vi.stubEnv("SLUICE_PROVIDER", providerVariable(mayBeEmpty));
  const { handler } = await load();
  return {
    async call() {
      deadline = new AbortController();
      const reply = await handler(request());
      return reply.outcome;
    },
    expire: () => deadline.abort(),
  };
}

function providerVariable(mayBeEmpty: boolean): string {
  const provider = {
    id: "hostile",
    maxConcurrency: 1,
    slowAfterMs: 10_000,
    timeoutMs: 10_000,
    latency: { medianMs: 1, sigma: 0, minMs: 1, maxMs: 1 },
    worker: { name: "http-json", answer: { maxMb: 1, mayBeEmpty } },
  };
  return JSON.stringify(parseProvider(provider, "in a test"));
}

function request(): unknown {
  return {
    version: WORKER_CONTRACT_VERSION,
    attemptId: "attempt",
    provider: "hostile",
    recordId: "a",
    attempt: 1,
    runId: "run",
    correlationId: "trace",
    deadlineAtMs: Date.now() + 60_000,
  };
}
