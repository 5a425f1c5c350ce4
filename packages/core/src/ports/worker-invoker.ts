import type { WorkerRequest } from "../worker/request.ts";

/** Starts a worker for one record and waits for its end. It never starts one twice, and never throws. */
export interface WorkerInvoker {
  /** @param giveUpAfterMs time to wait for the end; the worker is certainly dead by then */
  invoke(request: WorkerRequest, giveUpAfterMs: number): Promise<Invocation>;
}

/**
 * The end of an invocation, by what is certain about the worker:
 * - `answered`: it ran and answered something, not necessarily a worker's reply;
 * - `refused`: its job certainly never began: it was not started (throttled, not found, no connection), could not be
 *   loaded, or did not take the request (unreadable, too late);
 * - `missed`: its job certainly never began, because the provider's quotas had no room for it any more by its own clock;
 * - `crashed`: its job may have begun, and it is certainly over, without an answer (thrown, timed out, killed);
 * - `lost`: nothing is certain; it may be running still.
 */
export type Invocation =
  | { readonly kind: "answered"; readonly payload: unknown }
  | { readonly kind: "refused"; readonly cause: string }
  | { readonly kind: "missed"; readonly cause: string; readonly workerReadMs: number }
  | { readonly kind: "crashed"; readonly cause: string }
  | { readonly kind: "lost"; readonly cause: string };
