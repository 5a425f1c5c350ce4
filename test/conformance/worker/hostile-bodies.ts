import type { Socket } from "node:net";

/** A body behind a status line: the headers that announce it, and the bytes that come. */
export interface Body {
  readonly headers?: readonly string[];
  /** Sends it; `done` once the server will do nothing more and the client has nothing more to come. */
  send(socket: Socket, done: () => void): void;
}

/** Writes one answer's status line and headers, and lets the body follow. */
export function answer(socket: Socket, status: string, body: Body, done: () => void = () => {}): void {
  socket.write(
    ["HTTP/1.1 ", status, ...(body.headers ?? []).map((header) => `\r\n${header}`), "\r\n\r\n"].join(""),
  );
  body.send(socket, done);
}

/** A body that is there at once, with its length. */
export function whole(text: string, ...headers: string[]): Body {
  return {
    headers: [`Content-Length: ${Buffer.byteLength(text)}`, ...headers],
    send: (socket) => socket.write(text),
  };
}

const CHUNKED = "Transfer-Encoding: chunked";

/** A body in one chunk. */
export function chunked(text: string): Body {
  const size = Buffer.byteLength(text).toString(16);
  return { headers: [CHUNKED], send: (socket) => socket.write(`${size}\r\n${text}\r\n0\r\n\r\n`) };
}

/** A body that ends with its connection. */
export function untilTheEnd(text: string): Body {
  return { headers: ["Connection: close"], send: (socket) => socket.end(text) };
}

/** Bodies that no client gets whole. */
export const BROKEN: Readonly<Record<string, Body>> = {
  "is cut short": { headers: ["Content-Length: 100"], send: (socket) => socket.end("{") },
  "is cut by a reset": {
    headers: ["Content-Length: 100"],
    send: (socket) => socket.write("{", () => setImmediate(() => socket.resetAndDestroy())),
  },
  "ends without its last chunk": { headers: [CHUNKED], send: (socket) => socket.end("1\r\n{\r\n") },
  "has a chunk of no size": { headers: [CHUNKED], send: (socket) => socket.write("1\r\n{\r\nzz\r\n") },
};

/** Bodies that stop coming while their connection stays. */
export const STALLED: Readonly<Record<string, Body>> = {
  "never comes": { headers: ["Content-Length: 100"], send: (_, done) => done() },
  "stops in the middle": {
    headers: [CHUNKED],
    send: (socket, done) => socket.write("1\r\n{\r\n", () => done()),
  },
};

const FILLER = Buffer.alloc(64 * 1024, "x");
const FILLER_CHUNK = Buffer.concat([Buffer.from("10000\r\n"), FILLER, Buffer.from("\r\n")]);

/** Bodies of more bytes than anybody wants. */
export const OVERLONG: Readonly<Record<string, Body>> = {
  "is endless in chunks": { headers: [CHUNKED], send: (socket) => pour(socket, FILLER_CHUNK) },
  "is endless without a length": { send: (socket) => pour(socket, FILLER) },
  "is 200 MB long": {
    headers: ["Content-Length: 200000000"],
    send: (socket) => pour(socket, FILLER, 200_000_000),
  },
};

/** Writes as fast as the client takes it, for as long as the connection lasts. */
function pour(socket: Socket, bytes: Buffer, maxBytes = Number.POSITIVE_INFINITY): void {
  while (!socket.destroyed && socket.bytesWritten < maxBytes) {
    if (!socket.write(bytes)) {
      socket.once("drain", () => pour(socket, bytes, maxBytes));
      return;
    }
  }
}
