import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { messageOf } from "@sluice/core/errors";
import type { Mappings } from "@sluice/sim/event-source-mapping";
import { Hono } from "hono";
import type { Account } from "../account.ts";
import type { Lambda } from "../lambda.ts";
import { awsError } from "./aws-error.ts";
import { invokeRoutes } from "./invoke-routes.ts";
import { mappingRoutes } from "./mapping-routes.ts";

/** Longer than any pause of a client: a connection closed under a request would look like a lost invocation. */
const KEEP_ALIVE_TIMEOUT_MS = 3_600_000;

/** The parts of the HTTP front end. */
export interface LambdaHttpDeps {
  readonly lambda: Lambda;
  readonly mappings: Mappings;
  readonly account: Account;
  /** 0 for any free port. */
  readonly port: number;
}

/** A listening front end. */
export interface LambdaHttpServer {
  /** The endpoint for AWS clients. */
  readonly endpoint: string;
  /** Closes all connections, those with calls under way too. */
  close(): Promise<void>;
}

/** Serves Lambda's API on the loopback interface. */
export async function serveLambda(deps: LambdaHttpDeps): Promise<LambdaHttpServer> {
  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS },
    getRequestListener(routesOf(deps).fetch),
  );
  server.listen(deps.port, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function routesOf({ lambda, mappings, account }: LambdaHttpDeps): Hono {
  const app = new Hono();
  app.route("/", invokeRoutes(lambda));
  app.route("/", mappingRoutes(mappings, account));
  app.notFound((context) =>
    awsError(context, "InvalidParameterValueException", "This call is not part of the embedded Lambda"),
  );
  app.onError((error, context) => awsError(context, "ServiceException", messageOf(error)));
  return app;
}
