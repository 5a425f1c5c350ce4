import type { Socket } from "node:net";
import type { Hostility } from "@sluice/testing/hostile-server";
import { expect } from "vitest";
import {
  answer,
  type Body,
  BROKEN,
  chunked,
  OVERLONG,
  STALLED,
  untilTheEnd,
  whole,
} from "./hostile-bodies.ts";
import { ANSWER_MAX_BYTES } from "./worker-under-test.ts";

/** One call of a worker, what the provider does to it, and what has to come of it. */
export interface Case {
  readonly title: string;
  /** The provider; `expire` ends the call's time. */
  hostility(expire: () => void): Hostility;
  /** The reply's outcome, beside its latency. */
  readonly outcome: { readonly kind: string; readonly cause?: unknown; readonly retryAfterMs?: number };
  /** True if the worker has to hang up: the answer did not come whole. */
  readonly hangsUp: boolean;
}

const NO_CONNECTION = { kind: "fault", cause: expect.stringMatching(/^no connection: \w/) };
const NO_ANSWER = { kind: "fault", cause: expect.stringMatching(/^no answer within \d+ ms$/) };
const TOO_LONG = { kind: "fault", cause: expect.stringMatching(/^the answer is longer than 1 MB/) };
const NOT_JSON = { kind: "fault", cause: "the answer is not JSON" };
const EMPTY = { kind: "fault", cause: expect.stringMatching(/^the answer is empty/) };
const OK = { kind: "ok" };
const httpFault = (status: number) => ({ kind: "fault", cause: `HTTP ${status}` });

const JSON_TEXT = '{"id":"a"}';

const answering =
  (status: string, body: Body) =>
  (expire: () => void): Hostility => ({
    onRequest: ({ socket }) => answer(socket, status, body, expire),
  });

const FAILURES: readonly (readonly [status: string, outcome: Case["outcome"]])[] = [
  ["301 Moved Permanently", httpFault(301)],
  ["401 Unauthorized", httpFault(401)],
  ["404 Not Found", { kind: "rejected", cause: "HTTP 404" }],
  ["422 Unprocessable Content", { kind: "rejected", cause: "HTTP 422" }],
  ["429 Too Many Requests", { kind: "throttled", cause: "HTTP 429" }],
  ["429 Slower\r\nRetry-After: 7", { kind: "throttled", cause: "HTTP 429", retryAfterMs: 7_000 }],
  ["500 Internal Server Error", httpFault(500)],
  ["503 Service Unavailable", httpFault(503)],
  ["503 Later\r\nRetry-After: 9", { kind: "throttled", cause: "HTTP 503", retryAfterMs: 9_000 }],
];

const WHOLE_BODIES: Readonly<Record<string, Body>> = {
  "is empty": whole(""),
  "is a sentence": whole("no"),
  "is chunked": chunked("no"),
  "ends with its connection": untilTheEnd("no"),
  "is compressed": whole("\u001f\u008b", "Content-Encoding: gzip"),
};
const PARTIAL_BODIES: Readonly<Record<string, Body>> = { ...BROKEN, ...STALLED, ...OVERLONG };

const bodies = [
  ...Object.entries(WHOLE_BODIES).map(([what, body]) => ({ what, body, hangsUp: false })),
  ...Object.entries(PARTIAL_BODIES).map(([what, body]) => ({ what, body, hangsUp: true })),
];

/** Statuses that say how the call ended, before bodies of every kind: none of these may change it. */
export const FAILURE_CASES: readonly Case[] = FAILURES.flatMap(([status, outcome]) =>
  bodies.map(({ what, body, hangsUp }) => ({
    title: `${JSON.stringify(status)} is ${outcome.kind} though its body ${what}`,
    // No deadline: a status is judged before its body.
    hostility: () => answering(status, body)(() => {}),
    outcome,
    hangsUp,
  })),
);

const success = (what: string, body: Body, outcome: Case["outcome"], hangsUp = false): Case => ({
  title: `200 whose body ${what} is ${outcome.kind}`,
  hostility: answering("200 OK", body),
  outcome,
  hangsUp,
});
const allOf = (group: Readonly<Record<string, Body>>, outcome: Case["outcome"]) =>
  Object.entries(group).map(([what, body]) => success(what, body, outcome, true));

const jsonOf = (bytes: number) => `"${"x".repeat(bytes - 2)}"`;
const byteByByte: Body = {
  headers: [`Content-Length: ${JSON_TEXT.length}`],
  send: (socket) =>
    void [...JSON_TEXT].reduce(
      (written, byte) => written.then(() => new Promise((next) => socket.write(byte, () => next()))),
      Promise.resolve(),
    ),
};

/** Successes with bodies of every kind. */
export const SUCCESS_CASES: readonly Case[] = [
  success("is JSON", whole(JSON_TEXT), OK),
  success("is JSON in a chunk", chunked(JSON_TEXT), OK),
  success("is JSON that ends with its connection", untilTheEnd(JSON_TEXT), OK),
  success("is JSON byte by byte", byteByByte, OK),
  success("is JSON after a byte order mark", whole(`\ufeff${JSON_TEXT}`), OK),
  success("is just as long as expected", whole(jsonOf(ANSWER_MAX_BYTES)), OK),
  success("is a byte longer than expected", whole(jsonOf(ANSWER_MAX_BYTES + 1)), TOO_LONG, true),
  success("is a byte longer in a chunk", chunked(jsonOf(ANSWER_MAX_BYTES + 1)), TOO_LONG, true),
  success("is empty", whole(""), EMPTY),
  success("is white space", whole(" \r\n"), EMPTY),
  success("is HTML", whole("<html>down for maintenance</html>"), NOT_JSON),
  success("is half an object", whole('{"id":'), NOT_JSON),
  success("is compressed", whole("\u001f\u008b", "Content-Encoding: gzip"), NOT_JSON),
  success("is nested deeply and never closed", whole("[".repeat(ANSWER_MAX_BYTES)), NOT_JSON),
  ...allOf(BROKEN, NO_CONNECTION),
  ...allOf(STALLED, NO_ANSWER),
  ...allOf(OVERLONG, TOO_LONG),
  {
    title: "204 is a fault",
    hostility: answering("204 No Content", { send: () => {} }),
    outcome: EMPTY,
    hangsUp: false,
  },
  {
    title: "201 with JSON is ok",
    hostility: answering("201 Created", whole(JSON_TEXT)),
    outcome: OK,
    hangsUp: false,
  },
];

const onRequest =
  (treat: (socket: Socket, expire: () => void) => void) =>
  (expire: () => void): Hostility => ({ onRequest: ({ socket }) => treat(socket, expire) });
const onConnection =
  (treat: (socket: Socket, expire: () => void) => void) =>
  (expire: () => void): Hostility => ({ onConnection: (socket) => treat(socket, expire) });
const saying = (bytes: string) => onRequest((socket) => socket.end(bytes));

const FINE = `HTTP/1.1 200 OK\r\nContent-Length: ${JSON_TEXT.length}\r\n\r\n${JSON_TEXT}`;
const EARLY_HINTS = "HTTP/1.1 103 Early Hints\r\n\r\n";

const CONNECTIONS: readonly (readonly [what: string, Case["hostility"], Case["outcome"]])[] = [
  ["closes it before it is asked", onConnection((socket) => socket.end()), NO_CONNECTION],
  ["resets it before it is asked", onConnection((socket) => socket.resetAndDestroy()), NO_CONNECTION],
  ["closes it without an answer", onRequest((socket) => socket.end()), NO_CONNECTION],
  ["resets it without an answer", onRequest((socket) => socket.resetAndDestroy()), NO_CONNECTION],
  ["never answers", onRequest((_, expire) => expire()), NO_ANSWER],
  [
    "stops in the status line",
    onRequest((socket, expire) => socket.write("HTTP/1.1 20", () => expire())),
    NO_ANSWER,
  ],
  [
    "stops in the headers",
    onRequest((socket, expire) => socket.write("HTTP/1.1 200 OK\r\nA: b", () => expire())),
    NO_ANSWER,
  ],
  ["closes it in the status line", saying("HTTP/1.1 20"), NO_CONNECTION],
  ["closes it in the headers", saying("HTTP/1.1 200 OK\r\nContent-Le"), NO_CONNECTION],
  ["speaks another protocol", saying("SSH-2.0-OpenSSH_9.9\r\n"), NO_CONNECTION],
  ["answers without a status", saying(JSON_TEXT), NO_CONNECTION],
  ["answers with a status of letters", saying("HTTP/1.1 OK 200\r\n\r\n"), NO_CONNECTION],
  ["answers with status 999", saying("HTTP/1.1 999 Odd\r\n\r\n"), httpFault(999)],
  ["answers in HTTP/1.0", saying(`HTTP/1.0 200 OK\r\n\r\n${JSON_TEXT}`), OK],
  ["sends 20 kB of headers", saying(`HTTP/1.1 200 OK\r\nA: ${"b".repeat(20_000)}\r\n\r\n{}`), NO_CONNECTION],
  [
    "sends two lengths",
    saying("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{} "),
    NO_CONNECTION,
  ],
  [
    "sends a length and chunks",
    saying("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"),
    NO_CONNECTION,
  ],
  ["sends a length of letters", saying("HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\n{}"), NO_CONNECTION],
  ["says Continue first", onRequest((socket) => socket.write(`HTTP/1.1 100 Continue\r\n\r\n${FINE}`)), OK],
  ["gives early hints first", onRequest((socket) => socket.write(`${EARLY_HINTS}${EARLY_HINTS}${FINE}`)), OK],
  [
    "gives nothing but early hints",
    onRequest((socket, expire) => socket.write(EARLY_HINTS.repeat(1_000), () => expire())),
    NO_ANSWER,
  ],
  [
    "switches protocols",
    saying("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"),
    httpFault(101),
  ],
  [
    "switches protocols and stays",
    onRequest((socket) =>
      socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"),
    ),
    httpFault(101),
  ],
  [
    "says 101 and no more",
    onRequest((socket) => socket.write("HTTP/1.1 101 Switching Protocols\r\n\r\n")),
    httpFault(101),
  ],
  ["closes it behind a whole answer", onRequest((socket) => socket.end(FINE)), OK],
];

/** Connections that go wrong, or are odd, around an answer. */
export const CONNECTION_CASES: readonly Case[] = CONNECTIONS.map(([what, hostility, outcome]) => ({
  title: `a provider that ${what} is ${outcome.kind}`,
  hostility,
  outcome,
  hangsUp: outcome !== OK,
}));
