import type { IncomingMessage, ServerResponse } from "node:http";
import {
  type Answer,
  type Audit,
  lotOf,
  type ProviderModel,
  type Visit,
} from "@sluice/sim/provider-simulator";
import type { RecentAnswers } from "./recent-answers.ts";
import type { RequestLog } from "./request-log.ts";

/** The parts of a record service. */
export interface RecordServiceDeps {
  /** The value of `provider` in every record. */
  readonly providerName: string;
  readonly seed: number;
  readonly model: ProviderModel;
  readonly audit: Audit;
  readonly recent: RecentAnswers;
  readonly requests: Pick<RequestLog, "started">;
  /** Milliseconds since the epoch. */
  nowMs(): number;
  /** Minutes of the scenario that have gone by. */
  elapsedMinutes(): number;
}

/** The requests of records: the model decides on each, and the service carries that out in real time. */
export interface RecordService {
  serve(recordId: string, request: IncomingMessage, response: ServerResponse): void;
  /** Gives up all answers that are still to come. */
  stop(): void;
}

/** Makes a service without requests under way. */
export function createRecordService(deps: RecordServiceDeps): RecordService {
  const { providerName, seed, model, audit, recent, requests, nowMs } = deps;
  const timers = new Set<NodeJS.Timeout>();

  function serve(recordId: string, request: IncomingMessage, response: ServerResponse): void {
    const atMs = nowMs();
    const elapsedMinutes = deps.elapsedMinutes();
    const noteEnd = requests.started(atMs);
    const visit = audit.started(recordId, model.capacityAt(elapsedMinutes), atMs);
    const reaction = model.start({ recordId, elapsedMinutes, inFlightCount: audit.inFlightCount() });
    if (reaction.kind === "hang") {
      onceOver(request, response, () => {
        noteEnd(nowMs());
        abort(visit, atMs);
      });
      return;
    }
    const timer = setTimeout(() => send(response, reaction, recordId), reaction.afterMs);
    timers.add(timer);
    onceOver(request, response, () => {
      clearTimeout(timer);
      timers.delete(timer);
      noteEnd(nowMs());
      countOut(visit, reaction, response, atMs);
    });
  }

  function send(response: ServerResponse, { status, retryAfterSeconds }: Answer, recordId: string): void {
    const headers = retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) };
    const record = { id: recordId, provider: providerName, value: lotOf(seed, recordId) };
    const body = status === 200 ? record : { error: `Answered ${status} by the simulated provider` };
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  }

  function countOut(visit: Visit, answer: Answer, response: ServerResponse, startedAtMs: number): void {
    const atMs = nowMs();
    if (response.writableFinished) {
      audit.answered(visit, answer, atMs);
      // The time that a provider takes to refuse a call says nothing of its latency.
      const isAnswer = answer.status !== 429;
      if (isAnswer) recent.note({ atMs, latencyMs: atMs - startedAtMs, isFault: answer.status === 500 });
    } else {
      abort(visit, startedAtMs);
    }
  }

  function abort(visit: Visit, startedAtMs: number): void {
    const atMs = nowMs();
    audit.aborted(visit);
    recent.note({ atMs, latencyMs: atMs - startedAtMs, isFault: true });
  }

  return {
    serve,
    stop() {
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

/**
 * Calls `then` once: when the answer is out or the client has gone away. A client that hangs up may call again
 * at once; a wait until its connection has closed on this side too would count both requests as in flight.
 */
function onceOver(request: IncomingMessage, response: ServerResponse, then: () => void): void {
  const { socket } = request;
  function settle(): void {
    socket.off("end", settle);
    response.off("close", settle);
    then();
  }
  socket.once("end", settle);
  response.once("close", settle);
}
