import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { messageOf } from "@sluice/core/errors";
import { Hono } from "hono";
import { AWS_BODY_MAX_BYTES, type LoopbackServer, listenOnLoopback } from "../../loopback/loopback-server.ts";
import type { Lambda } from "../lambda.ts";
import { awsError } from "./aws-error.ts";
import { invokeRoutes } from "./invoke-routes.ts";
import { type MappingRoutesDeps, mappingRoutes } from "./mapping-routes.ts";

/** Longer than any pause of a client: a connection closed under a request would look like a lost invocation. */
const KEEP_ALIVE_TIMEOUT_MS = 3_600_000;

/** The parts of the HTTP front end. */
export interface LambdaHttpDeps extends MappingRoutesDeps {
  readonly lambda: Lambda;
  /** 0 for any free port. */
  readonly port: number;
}

/** The SDK declares the payload of an invocation, which is JSON, as bytes. */
const BODY = { maxBytes: AWS_BODY_MAX_BYTES, types: ["application/json", "application/octet-stream"] };

/** Serves Lambda's API on the loopback interface. */
export function serveLambda(deps: LambdaHttpDeps): Promise<LoopbackServer> {
  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS },
    getRequestListener(routesOf(deps).fetch),
  );
  return listenOnLoopback(server, { port: deps.port, body: BODY });
}

function routesOf({ lambda, ...mappingDeps }: LambdaHttpDeps): Hono {
  const app = new Hono();
  app.route("/", invokeRoutes(lambda));
  app.route("/", mappingRoutes(mappingDeps));
  app.notFound((context) =>
    awsError(context, "InvalidParameterValueException", "This call is not part of the embedded Lambda"),
  );
  app.onError((error, context) => awsError(context, "ServiceException", messageOf(error)));
  return app;
}
