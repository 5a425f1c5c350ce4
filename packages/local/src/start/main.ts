import { once } from "node:events";
import { SluiceError } from "@sluice/core/errors";
import { CommanderError } from "commander";
import { feedCommand } from "../feed/feed-command.ts";
import { parseOptions, type StartOptions } from "./options.ts";
import { type Preparation, prepare } from "./prepare.ts";
import { createProgress } from "./progress.ts";
import { reportOf, textOf } from "./report.ts";
import { runDay } from "./run-day.ts";
import { type Stage, setStage } from "./stage.ts";

/** Exit codes: a rule was broken, the command or its input is wrong, Ctrl-C. */
const EXIT_BROKEN = 1;
const EXIT_USAGE = 2;
const EXIT_INTERRUPTED = 130;

async function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  const preparation = await prepare(options);
  const interrupt = interruptSignal();
  const stage = await setStage(preparation, options);
  let exitCode = EXIT_BROKEN;
  try {
    exitCode = await run(stage, preparation, options, interrupt);
    return exitCode;
  } finally {
    const keepLogs = exitCode === EXIT_BROKEN;
    await stage.stop({ keepLogs });
    if (keepLogs) process.stderr.write(`What the functions printed is in ${stage.logFile}\n`);
  }
}

async function run(
  stage: Stage,
  preparation: Preparation,
  options: StartOptions,
  interrupt: AbortSignal,
): Promise<number> {
  const { provider, scenario, input } = preparation;
  const stream = options.json ? process.stderr : process.stdout;
  const progress = createProgress(stream, input.recordCount, provider.maxConcurrency);
  progress.say(
    `Fetching ${input.title} from ${provider.id}, at most ${provider.maxConcurrency} at once (${scenario.name})`,
  );
  const result = await runDay(stage, preparation, options, progress, interrupt);
  const report = reportOf(result);
  if (options.json) process.stdout.write(`${JSON.stringify(report)}\n`);
  else stream.write(textOf(report, result.enqueued));
  if (options.keep && !interrupt.aborted) await stayUp(stage, stream, interrupt);
  if (report.interrupted) return EXIT_INTERRUPTED;
  return report.verdict === "ok" ? 0 : EXIT_BROKEN;
}

async function stayUp(stage: Stage, stream: NodeJS.WriteStream, interrupt: AbortSignal): Promise<void> {
  const { endpoints } = stage.cloud;
  const { plan, provider } = stage.deployment;
  const { names } = plan;
  const target = { sqs: endpoints.sqs, environment: stage.environment, providerId: provider.id };
  stream.write(
    [
      `SQS       ${endpoints.sqs}   ${names.recordsQueue}, ${names.expressQueue}, ${names.deadLetterQueue}`,
      `DynamoDB  ${endpoints.dynamodb}   ${names.table}`,
      `Lambda    ${endpoints.lambda}   ${names.ventilator}, ${names.worker}`,
      `Provider  ${stage.providerServer.url}   /records/{id}, /audit`,
      `Logs      ${stage.logFile}`,
      `To feed   ${feedCommand(target)}`,
      "Staying up; press Ctrl-C to end.",
      "",
    ].join("\n"),
  );
  if (!interrupt.aborted) await once(interrupt, "abort");
}

/** Aborts on the first Ctrl-C; the second one ends the process at once. */
function interruptSignal(): AbortSignal {
  const interrupt = new AbortController();
  const onSignal = () => {
    if (interrupt.signal.aborted) process.exit(EXIT_INTERRUPTED);
    interrupt.abort(new Error("interrupted"));
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  return interrupt.signal;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (thrown) {
  if (thrown instanceof CommanderError) {
    process.exitCode = thrown.exitCode;
  } else if (thrown instanceof SluiceError) {
    process.stderr.write(`${thrown.message}\n`);
    process.exitCode = thrown.code === "enqueue-interrupted" ? EXIT_BROKEN : EXIT_USAGE;
  } else {
    throw thrown;
  }
}
