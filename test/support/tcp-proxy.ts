import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A door before a server, to shut it as a network or a server that is down does. */
export interface TcpProxy {
  readonly url: string;
  /** Cuts every connection, and resets the next `count` ones before it lets them through again. */
  cut(count: number): void;
  /** Cuts every connection, and resets all new ones for `durationMs`. */
  cutFor(durationMs: number): Promise<void>;
  /** Connections that were reset. */
  readonly resetCount: number;
  stop(): Promise<void>;
}

/** Puts a proxy before the server at `targetUrl`, on a free port. */
export async function startTcpProxy(targetUrl: string): Promise<TcpProxy> {
  const target = new URL(targetUrl);
  const sockets = new Set<Socket>();
  let toReset = 0;
  let resetCount = 0;

  function track(socket: Socket): Socket {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    // A reset is this proxy's purpose; both sides notice by themselves.
    socket.on("error", () => socket.destroy());
    return socket;
  }

  function cut(count: number): void {
    toReset = count;
    for (const socket of sockets) socket.resetAndDestroy();
  }

  const server = createServer((client) => {
    track(client);
    if (toReset > 0) {
      toReset -= 1;
      resetCount += 1;
      client.resetAndDestroy();
      return;
    }
    const upstream = track(connect(Number(target.port), target.hostname));
    client.pipe(upstream).pipe(client);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get resetCount() {
      return resetCount;
    },
    cut,
    async cutFor(durationMs) {
      cut(Number.POSITIVE_INFINITY);
      await sleep(durationMs);
      toReset = 0;
    },
    async stop() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, "close");
    },
  };
}
