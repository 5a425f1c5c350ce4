import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";

/** A request that a hostile server has received, and the socket to treat it on. */
export interface Visit {
  readonly socket: Socket;
  /** Request line and headers. */
  readonly head: string;
  /** 1 for the first request of the server, on whatever connection. */
  readonly nth: number;
  /** 1 for the first request of its connection. */
  readonly nthOfConnection: number;
}

/** A server that speaks no HTTP by itself: a test says what it does, byte by byte. */
export interface HostileServer {
  readonly port: number;
  readonly visits: readonly Visit[];
  /** All connections that there were. */
  readonly sockets: readonly Socket[];
  /** Resolves once every connection has ended. */
  allEnded(): Promise<void>;
  stop(): Promise<void>;
}

/** The deeds of a hostile server. */
export interface Hostility {
  /** Treats a whole request. One that does nothing leaves it hanging. */
  readonly onRequest?: (visit: Visit) => void;
  /** Treats a connection before anything is sent on it. */
  readonly onConnection?: (socket: Socket) => void;
  /** Makes it a TLS server. */
  readonly certificate?: { readonly key: string; readonly cert: string };
}

/** Starts a hostile server on a free port of 127.0.0.1. */
export async function startHostileServer(hostility: Hostility): Promise<HostileServer> {
  const { onRequest = () => {}, onConnection = () => {}, certificate } = hostility;
  const visits: Visit[] = [];
  const sockets: Socket[] = [];

  function serve(socket: Socket): void {
    let received = "";
    let nthOfConnection = 0;
    sockets.push(socket);
    socket.setNoDelay(true);
    // A client that hangs up on it is expected.
    socket.on("error", () => {});
    socket.on("data", (bytes) => {
      received += bytes.toString("latin1");
      for (let end = received.indexOf("\r\n\r\n"); end >= 0; end = received.indexOf("\r\n\r\n")) {
        const head = received.slice(0, end);
        received = received.slice(end + "\r\n\r\n".length);
        nthOfConnection += 1;
        const visit = { socket, head, nth: visits.length + 1, nthOfConnection };
        visits.push(visit);
        onRequest(visit);
      }
    });
    onConnection(socket);
  }

  const server = certificate === undefined ? createServer(serve) : createTlsServer(certificate, serve);
  server.on("tlsClientError", () => {});
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const allEnded = async () => {
    await Promise.all(
      sockets.map((socket) => socket.closed || new Promise((end) => socket.once("close", end))),
    );
  };
  return {
    port: (server.address() as AddressInfo).port,
    visits,
    sockets,
    allEnded,
    async stop() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
