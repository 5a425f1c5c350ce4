import { type HostileServer, type Hostility, startHostileServer } from "@sluice/testing/hostile-server";

const servers: HostileServer[] = [];

/** Starts a hostile server that {@link stopServers} stops. */
export async function start(hostility: Hostility): Promise<HostileServer> {
  const server = await startHostileServer(hostility);
  servers.push(server);
  return server;
}

/** Stops all servers that a test has started. */
export async function stopServers(): Promise<void> {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
}

/** The address of a server without TLS. */
export function plainUrl({ port }: HostileServer): string {
  return `http://127.0.0.1:${port}`;
}
