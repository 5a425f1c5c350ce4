import { userInfo } from "node:os";
import { accessProvider } from "@sluice/aws/operator-access";
import { type ConsoleServer, serveConsole } from "@sluice/console/server";
import type { Provider } from "@sluice/core/provider";
import { createLineLog } from "./line-log.ts";
import type { LocalRun } from "./local-run.ts";

/** Serves the page of a local run, with the dial of its provider's trouble if it has one. */
export async function serveRunConsole(localRun: LocalRun, provider: Provider): Promise<ConsoleServer> {
  const { environment, cloud, providerServer } = localRun;
  const log = createLineLog(() => {});
  const place = { environment, emulator: cloud.endpoints };
  const access = await accessProvider(provider.id, place, log, async () => provider);
  const desk = { access, environment, isLocal: true, nameOperator: async () => userInfo().username };
  const { trouble } = providerServer;
  return serveConsole({ desks: [desk], ...(trouble !== undefined && { trouble }) });
}
