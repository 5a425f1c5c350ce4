import type { ControlPlane } from "../../event-source-mapping/control-plane.ts";
import type { MappingDescription } from "../../event-source-mapping/description.ts";
import type { MappingRefusal } from "../../event-source-mapping/mapping-outcome.ts";
import type { Mappings } from "../../event-source-mapping/mappings.ts";
import type { MappingChange } from "../../event-source-mapping/settings.ts";
import type { SdkRequest } from "../sdk/sdk-calls.ts";
import { serviceError } from "../sdk/sdk-error.ts";
import { unlessAborted } from "../sdk/unless-aborted.ts";
import type { FunctionEnd } from "./function-host.ts";

/** The calls of Lambda's API that Sluice makes, in the shape of the SDK's client. */
export interface LambdaClientShape {
  send(command: SdkCommand, options?: { readonly abortSignal?: AbortSignal }): Promise<unknown>;
}

/** A command of the SDK, told by the name of its class. */
export interface SdkCommand {
  readonly input: object;
}

/** The parts behind the client. */
export interface LambdaClientDeps {
  /** Sends a request as the SDK does. */
  send<T>(request: SdkRequest, apply: () => T | Promise<T>): Promise<T>;
  readonly mappings: Mappings;
  /** Of the account of the mappings. */
  readonly controlPlane: ControlPlane;
  /** Runs a function; throws the SDK's error if Lambda refuses to. */
  invoke(functionName: string, payload: string): Promise<FunctionEnd>;
}

/** HTTP statuses of the control plane's refusals. */
const REFUSAL_STATUSES: Readonly<Record<string, number>> = {
  InvalidParameterValueException: 400,
  ResourceConflictException: 409,
  ResourceInUseException: 400,
  ResourceNotFoundException: 404,
  TooManyRequestsException: 429,
};

/** Makes a client of Lambda on virtual functions and mappings. */
export function createLambdaClient({
  send,
  mappings,
  controlPlane,
  invoke,
}: LambdaClientDeps): LambdaClientShape {
  async function invokeFunction(
    { FunctionName, Payload }: InvokeInput,
    signal: AbortSignal | undefined,
  ): Promise<InvokeOutput> {
    return unlessAborted(signal, () =>
      send({ service: "lambda", operation: "Invoke" }, async () =>
        invokeOutput(await invoke(FunctionName, Payload)),
      ),
    );
  }

  function update({ UUID, ...settings }: UpdateInput): object {
    const outcome = mappings.update(UUID, changeOf(settings));
    if (outcome.kind === "done") return configurationOf(outcome.value);
    throw refusalError(outcome);
  }

  /** A request to the control plane, which takes so many of an account. */
  function sendToControl(operation: string, apply: () => object): Promise<object> {
    return send({ service: "lambda-control", operation }, () => {
      const refusal = controlPlane.admit();
      if (refusal !== undefined) throw refusalError(refusal);
      return apply();
    });
  }

  return {
    send(command, options = {}) {
      switch (command.constructor.name) {
        case "InvokeCommand":
          return invokeFunction(command.input as InvokeInput, options.abortSignal);
        case "ListEventSourceMappingsCommand":
          return sendToControl("ListEventSourceMappings", () =>
            listOutput(mappings.list(), command.input as ListInput),
          );
        case "UpdateEventSourceMappingCommand":
          return sendToControl("UpdateEventSourceMapping", () => update(command.input as UpdateInput));
        default:
          throw new TypeError(`no such call of Lambda's: ${command.constructor.name}`);
      }
    },
  };
}

function refusalError({ error, message }: MappingRefusal): Error {
  return serviceError({ name: error, status: REFUSAL_STATUSES[error] ?? 400, message });
}

interface InvokeInput {
  readonly FunctionName: string;
  readonly Payload: string;
}

interface InvokeOutput {
  readonly Payload: { transformToString(): string };
  readonly FunctionError?: "Unhandled";
}

interface ListInput {
  readonly FunctionName: string;
}

interface UpdateInput {
  readonly UUID: string;
  readonly Enabled?: boolean;
  readonly BatchSize?: number;
  readonly ScalingConfig?: { readonly MaximumConcurrency?: number };
}

function invokeOutput(end: FunctionEnd): InvokeOutput {
  if (end.kind === "answered") return { Payload: { transformToString: () => end.payload } };
  const { errorType, errorMessage } = end;
  const text = JSON.stringify({ errorType, errorMessage });
  return { FunctionError: "Unhandled", Payload: { transformToString: () => text } };
}

function listOutput(mappings: readonly MappingDescription[], { FunctionName }: ListInput) {
  const found = mappings.filter(({ functionName }) => functionName === FunctionName);
  return { EventSourceMappings: found.map(configurationOf) };
}

function configurationOf({
  uuid,
  queueArn,
  state,
  stateTransitionReason,
  settings,
}: MappingDescription): object {
  const { batchSize, maximumConcurrency } = settings;
  return {
    UUID: uuid,
    EventSourceArn: queueArn,
    State: state,
    StateTransitionReason: stateTransitionReason,
    BatchSize: batchSize,
    ScalingConfig: maximumConcurrency === null ? {} : { MaximumConcurrency: maximumConcurrency },
  };
}

function changeOf({ Enabled, BatchSize, ScalingConfig }: Omit<UpdateInput, "UUID">): MappingChange {
  return {
    ...(Enabled !== undefined && { isEnabled: Enabled }),
    ...(BatchSize !== undefined && { batchSize: BatchSize }),
    ...(ScalingConfig !== undefined && { maximumConcurrency: ScalingConfig.MaximumConcurrency ?? null }),
  };
}
