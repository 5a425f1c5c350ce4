import type {
  ControlPlane,
  MappingDescription,
  MappingOutcome,
  Mappings,
} from "@sluice/sim/event-source-mapping";
import { type Context, Hono } from "hono";
import { type Account, functionNameOf } from "../account.ts";
import { awsError, inputInvalid } from "./aws-error.ts";
import { createMappingInputSchema, toMappingChange, updateMappingInputSchema } from "./mapping-input.ts";
import { toMappingOutput } from "./mapping-output.ts";

const ALL = "/2015-03-31/event-source-mappings";
const ONE = `${ALL}/:uuid`;

/** The parts of {@link mappingRoutes}. */
export interface MappingRoutesDeps {
  readonly mappings: Mappings;
  readonly account: Account;
  /** Left out where an account's requests are not limited. */
  readonly controlPlane?: ControlPlane;
}

/**
 * Create, Get, List, Update and Delete of event source mappings; the list has one page.
 * https://docs.aws.amazon.com/lambda/latest/api/API_UpdateEventSourceMapping.html
 */
export function mappingRoutes({ mappings, account, controlPlane }: MappingRoutesDeps): Hono {
  const app = new Hono();
  const respond = responder(account);
  app.use(`${ALL}/*`, async (context, next) => {
    const refusal = controlPlane?.admit();
    if (refusal === undefined) return next();
    return awsError(context, refusal.error, refusal.message, { Reason: "CallerRateLimitExceeded" });
  });
  app.post(ALL, async (context) => {
    const input = createMappingInputSchema.safeParse(await bodyOf(context));
    if (!input.success) return inputInvalid(context, input.error);
    const outcome = await mappings.create({
      queueArn: input.data.EventSourceArn,
      functionName: functionNameOf(input.data.FunctionName),
      settings: toMappingChange(input.data),
    });
    return respond(context, 202, outcome);
  });
  app.get(ALL, (context) => {
    const { EventSourceArn: queueArn, FunctionName: functionName } = context.req.query();
    const listed = mappings
      .list()
      .filter((mapping) => queueArn === undefined || mapping.queueArn === queueArn)
      .filter(
        (mapping) => functionName === undefined || mapping.functionName === functionNameOf(functionName),
      );
    return context.json({ EventSourceMappings: listed.map((mapping) => toMappingOutput(account, mapping)) });
  });
  app.get(ONE, (context) => respond(context, 200, mappings.get(context.req.param("uuid"))));
  app.put(ONE, async (context) => {
    const uuid = context.req.param("uuid");
    const input = updateMappingInputSchema.safeParse(await bodyOf(context));
    if (!input.success) return inputInvalid(context, input.error);
    const { FunctionName: functionName } = input.data;
    if (functionName !== undefined && isOfAnotherFunction(mappings, uuid, functionName)) {
      return awsError(context, "InvalidParameterValueException", "A mapping keeps its function here");
    }
    return respond(context, 202, mappings.update(uuid, toMappingChange(input.data)));
  });
  app.delete(ONE, (context) => respond(context, 202, mappings.remove(context.req.param("uuid"))));
  return app;
}

type Respond = (context: Context, status: 200 | 202, outcome: MappingOutcome<MappingDescription>) => Response;

function responder(account: Account): Respond {
  return (context, status, outcome) =>
    outcome.kind === "refused"
      ? awsError(context, outcome.error, outcome.message)
      : context.json(toMappingOutput(account, outcome.value), status);
}

function isOfAnotherFunction(mappings: Mappings, uuid: string, functionName: string): boolean {
  const mapping = mappings.find(uuid);
  return mapping !== undefined && mapping.describe().functionName !== functionNameOf(functionName);
}

/** The body as a JSON value; undefined if it is no JSON, which then fails the schema. */
async function bodyOf(context: Context): Promise<unknown> {
  try {
    return await context.req.json();
  } catch {
    return undefined;
  }
}
