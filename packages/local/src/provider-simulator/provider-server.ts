import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type Audit, createAudit, createProviderModel, type Scenario } from "@sluice/sim/provider-simulator";
import { listenOnLoopback } from "../loopback/loopback-server.ts";
import { createRecentAnswers, type RecentAnswers } from "./recent-answers.ts";
import { createRecordService } from "./record-service.ts";
import { createRequestLog, type RequestLog } from "./request-log.ts";
import { type Route, routeOf } from "./route.ts";
import type { TroubleDial } from "./trouble-dial.ts";
import { troubleAnswer } from "./trouble-service.ts";

/** A percent-encoded id of 1,000 characters of any script fits. */
const HEADERS_MAX_BYTES = 64 * 1024;
/** Far above the length of a wish for trouble, the only body that is asked for. */
const BODY = { maxBytes: 1_024, types: ["application/json"] };
/** Longer than any client keeps an idle connection, so that the server never closes one that is about to be used. */
const KEEP_ALIVE_MS = 10 * 60_000;

/** The provider to serve, and the port. */
export interface ProviderServerOptions {
  readonly scenario: Scenario;
  /** An integer: the same seed, the same bad records and the same draws. */
  readonly seed: number;
  /** The provider's time zone, an IANA name. */
  readonly timeZone: string;
  /** Left out: any free port. */
  readonly port?: number;
  /** Milliseconds since the epoch; left out: the system's clock. */
  readonly nowMs?: () => number;
  /** Left out: there is no trouble on demand, and `/trouble` is an unknown path. */
  readonly trouble?: TroubleDial;
}

type TroubleMethod = Extract<Route, { kind: "trouble" }>["method"];

/** A running provider. */
export interface ProviderServer {
  /** Without a slash at its end. */
  readonly url: string;
  readonly audit: Audit;
  readonly recent: Pick<RecentAnswers, "summary">;
  readonly requests: Pick<RequestLog, "startCountSince" | "spans">;
  /** The dial that `/trouble` turns, if there is one. */
  readonly trouble?: TroubleDial;
  /** Makes this instant minute 0 of the scenario; to be called before the first request. */
  begin(): void;
  /** Minutes of the scenario that have gone by. */
  elapsedMinutes(): number;
  /** The number of requests at once that the provider can bear now. */
  capacityCount(): number;
  /** Closes every connection, also those with requests that still wait. May be called again. */
  stop(): Promise<void>;
}

/**
 * Serves a scenario's provider on 127.0.0.1, minute 0 being now unless it is begun later:
 * - `GET /records/{percent-encoded id}` answers the record as JSON, or 404, 429 with Retry-After, 500, or never;
 * - `GET /audit` answers what the provider has seen;
 * - `GET /trouble` answers the trouble that the worker makes, and `PUT /trouble` changes it.
 */
export async function startProviderServer(options: ProviderServerOptions): Promise<ProviderServer> {
  const { scenario, seed, timeZone, port = 0, nowMs = Date.now } = options;
  const model = createProviderModel({ scenario, seed });
  const audit = createAudit({ maxConcurrency: scenario.provider.maxConcurrency, timeZone });
  const recent = createRecentAnswers();
  const requests = createRequestLog();
  let beganAtMs = nowMs();
  const elapsedMinutes = () => (nowMs() - beganAtMs) / 60_000;
  const records = createRecordService({
    providerName: scenario.name,
    seed,
    model,
    audit,
    recent,
    requests,
    nowMs,
    elapsedMinutes,
  });

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const route = routeOf(request.method ?? "", request.url ?? "");
    if (route.kind === "record") records.serve(route.recordId, request, response);
    else if (route.kind === "audit") sendJson(response, 200, audit.report());
    else if (route.kind === "trouble") void answerTrouble(route.method, request, response);
    else sendJson(response, route.status, { error: route.problem });
  }

  async function answerTrouble(
    method: TroubleMethod,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    if (options.trouble === undefined) return sendJson(response, 404, { error: "No such path" });
    try {
      const { status, body } = await troubleAnswer(options.trouble, method, request);
      sendJson(response, status, body);
    } catch {
      // The client went away while it sent its wish: an answer would reach nothing.
      response.destroy();
    }
  }

  const server = createServer({ maxHeaderSize: HEADERS_MAX_BYTES, keepAliveTimeout: KEEP_ALIVE_MS }, answer);
  const { url, close } = await listenOnLoopback(server, { port, body: BODY, problemField: "error" });

  return {
    url,
    audit,
    recent,
    requests,
    ...(options.trouble === undefined ? {} : { trouble: options.trouble }),
    begin() {
      beganAtMs = nowMs();
    },
    elapsedMinutes,
    capacityCount: () => model.capacityAt(elapsedMinutes()),
    stop() {
      records.stop();
      return close();
    },
  };
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
