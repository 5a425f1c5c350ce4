import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { systemIds } from "@sluice/aws/system-ids";
import { messageOf } from "@sluice/core/errors";
import { createVirtualSqs, SqsError, type VirtualSqs } from "@sluice/sim/cloud/sqs";
import type { TimerClock } from "@sluice/sim/virtual-time";
import { AWS_BODY_MAX_BYTES, listenOnLoopback } from "../loopback/loopback-server.ts";
import { sendAnswer, sendFailure, sendRefusal } from "./answers.ts";
import { timerClock } from "./timer-clock.ts";

/** The simulation's SQS, reached over HTTP. */
export interface SqsServer {
  readonly url: string;
  /** The queues of {@link REGION} from within. */
  readonly sqs: VirtualSqs;
  stop(): Promise<void>;
}

/** The region of the embedded cloud; others have queues of their own. */
const REGION = "us-east-1";
const ACCOUNT_ID = "000000000000";

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-json.html */
const BODY = { maxBytes: AWS_BODY_MAX_BYTES, types: ["application/x-amz-json-1.0"] };

/** The operation in the header of a request. */
const TARGET = /^AmazonSQS\.(\w+)$/;
/** The region for which a request is signed. */
const SIGNED_REGION = /Credential=[^/]+\/\d+\/([^/]+)\/sqs\//;

/** Serves SQS's JSON protocol on a free port of this machine only, by default in the machine's time. */
export async function startSqs(clock: TimerClock = timerClock): Promise<SqsServer> {
  // A client decides how long it keeps a connection: one that is closed under its next request looks like an outage.
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    void answer(sqsIn(regionOf(request)), request, response);
  });
  const { url, close } = await listenOnLoopback(server, { body: BODY });
  const sqsIn = createRegions(clock, url);
  return { url, sqs: sqsIn(REGION), stop: close };
}

/** Finds the SQS of a region; one that was not asked for before is empty. */
function createRegions(clock: TimerClock, endpoint: string): (region: string) => VirtualSqs {
  const regions = new Map<string, VirtualSqs>();
  const contentsOf = () => ({ messageIdOf: () => systemIds.next() });
  return (region) => {
    const known = regions.get(region);
    if (known !== undefined) return known;
    const sqs = createVirtualSqs({ clock, region, accountId: ACCOUNT_ID, endpoint, contentsOf });
    regions.set(region, sqs);
    return sqs;
  };
}

function regionOf({ headers }: IncomingMessage): string {
  return SIGNED_REGION.exec(headers.authorization ?? "")?.[1] ?? REGION;
}

async function answer(sqs: VirtualSqs, request: IncomingMessage, response: ServerResponse): Promise<void> {
  // A client that has gone away waits for no message any more.
  const gone = new AbortController();
  response.on("close", () => gone.abort());
  try {
    const [, operation] = TARGET.exec(String(request.headers["x-amz-target"])) ?? [];
    if (operation === undefined)
      throw new SqsError("InvalidAction", "Only SQS's JSON protocol is spoken here.");
    sendAnswer(response, await sqs.request(operation, await inputOf(request), gone.signal));
  } catch (thrown) {
    if (thrown instanceof SqsError) sendRefusal(response, thrown);
    else sendFailure(response, messageOf(thrown));
  }
}

async function inputOf(request: IncomingMessage): Promise<unknown> {
  const body = await text(request);
  try {
    return JSON.parse(body);
  } catch {
    throw new SqsError("InvalidParameterValue", "The request is no JSON.");
  }
}
