import { startDynamoDb } from "../cloud/emulators.ts";
import { startSqs } from "../sqs/server.ts";
import type { BenchEndpoints } from "./enqueue-child.ts";

const [sqs, dynamodb] = [await startSqs(), await startDynamoDb()];
process.send?.({ sqs: sqs.url, dynamodb: dynamodb.url } satisfies BenchEndpoints);
