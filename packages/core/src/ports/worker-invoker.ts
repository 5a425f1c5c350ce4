import type { WorkerRequest } from "../worker/request.ts";

/** Starts a worker for one record and waits for its end. It never starts one twice, and never throws. */
export interface WorkerInvoker {
  /** `giveUpAfterMs`: how long to wait for the end; the worker is certainly dead by then. */
  invoke(request: WorkerRequest, giveUpAfterMs: number): Promise<Invocation>;
}

/**
 * How an invocation ended, by what is certain about the worker:
 * - `answered`: it ran and answered something, not necessarily a reply of ours;
 * - `refused`: it certainly never started (throttled, not found, no connection);
 * - `crashed`: it started and is certainly over, without an answer (thrown, timed out, killed);
 * - `lost`: nobody knows; it may be running still.
 */
export type Invocation =
  | { readonly kind: "answered"; readonly payload: unknown }
  | { readonly kind: "refused"; readonly cause: string }
  | { readonly kind: "crashed"; readonly cause: string }
  | { readonly kind: "lost"; readonly cause: string };
