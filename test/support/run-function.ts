import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";

/*
 * Calls a function's bundle in a process of its own, as an execution environment does, once for each event of the JSON list
 * on stdin. Prints its answers and the most memory that it had resident.
 */

const [bundlePath = ""] = process.argv.slice(2);
const events: readonly unknown[] = JSON.parse(await text(process.stdin));
const { handler } = await import(pathToFileURL(bundlePath).href);
const answers: unknown[] = [];
for (const event of events) {
  const deadlineAtMs = Date.now() + 120_000;
  const context = { awsRequestId: "request", getRemainingTimeInMillis: () => deadlineAtMs - Date.now() };
  answers.push(await handler(event, context));
}
const residentMb = process.resourceUsage().maxRSS / 1_024;
process.stdout.write(`\n${JSON.stringify({ answers, residentMb })}\n`, () => process.exit());
