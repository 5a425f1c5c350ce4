import { once } from "node:events";
import { systemClock } from "@sluice/aws/system-clock";
import type { Interrupt } from "@sluice/sim/command";
import { terminalStyleOf } from "@sluice/sim/report";
import { feedCommand } from "../feed/feed-target.ts";
import { STDIN_PATH } from "../input/open-record-file.ts";
import { originFiguresOf, showCharts, traceFiguresOf, writePage } from "./charts.ts";
import { leftText } from "./figure-text.ts";
import { createHoldSwitch } from "./hold-switch.ts";
import { bindKeys } from "./key-bindings.ts";
import { NO_KEYBOARD } from "./keyboard.ts";
import { leastDurationMs } from "./least-duration.ts";
import { type LiveScreen, startLiveScreen } from "./live-screen.ts";
import { type LocalRun, openValves, startLocalRun } from "./local-run.ts";
import type { StartOptions } from "./options.ts";
import type { Preparation } from "./prepare.ts";
import { serveRunConsole } from "./run-console.ts";
import { runDay } from "./run-day.ts";
import { createRunProgress } from "./run-progress.ts";
import { runReportOf, runReportText } from "./run-report.ts";
import { startTroubleMaker, type TroubleMaker } from "./trouble-maker.ts";
import { EXIT_CODES } from "./verdict-word.ts";
import { startWatch } from "./watch.ts";

const EXIT_BROKEN = EXIT_CODES.broken;
const EXIT_INTERRUPTED = EXIT_CODES.interrupted;

/**
 * Carries out a run that is prepared: starts the cloud, runs the day, reports, and ends all that it has started.
 * @returns the exit code
 */
export async function carryOut(
  options: StartOptions,
  preparation: Preparation,
  interrupt: Interrupt,
): Promise<number> {
  const localRun = await startUnlessInterrupted(preparation, options, interrupt.signal);
  if (localRun === undefined) return EXIT_INTERRUPTED;
  let exitCode = EXIT_BROKEN;
  try {
    exitCode = await run(localRun, preparation, options, interrupt);
    return exitCode;
  } finally {
    const keepLogs = exitCode === EXIT_BROKEN || localRun.crashLog.crashes().length > 0;
    await localRun.stop({ keepLogs });
    if (keepLogs) process.stderr.write(`What the functions printed is in ${localRun.logFile}\n`);
  }
}

/** Starts a run; undefined after Ctrl-C, which a terminal sends to esbuild as well, so that a bundle may fail by it. */
async function startUnlessInterrupted(
  preparation: Preparation,
  options: StartOptions,
  interrupt: AbortSignal,
): Promise<LocalRun | undefined> {
  try {
    return await startLocalRun(preparation, options);
  } catch (thrown) {
    if (interrupt.aborted) return undefined;
    throw thrown;
  }
}

async function run(
  localRun: LocalRun,
  preparation: Preparation,
  options: StartOptions,
  interrupt: Interrupt,
): Promise<number> {
  const { provider, input } = preparation;
  const stream = options.json ? process.stderr : process.stdout;
  const { isWatched } = preparation;
  const trouble = troubleFor(localRun);
  const page = options.console ? await serveRunConsole(localRun, provider) : undefined;
  const style = terminalStyleOf(process.env, stream.isTTY);
  const hasKeys = isWatched && options.input !== STDIN_PATH && stream.isTTY && process.stdin.isTTY;
  const screen = startLiveScreen(stream, { ...style, hasKeys, hasTroubleKeys: trouble !== undefined });
  const releaseKeys = bindKeys(hasKeys ? process.stdin : NO_KEYBOARD, {
    onQuit: interrupt.press,
    onHold: createHoldSwitch(localRun.operator, screen.say),
    ...(trouble && { onTrouble: trouble.act }),
  });
  try {
    screen.say(announcementOf(preparation));
    if (page !== undefined) screen.say(`Look at it: ${page.url}`);
    await openValves(localRun, interrupt.signal);
    localRun.providerServer.begin();
    const watch = isWatched ? startWatch(localRun, preparation, screen) : undefined;
    if (watch !== undefined && trouble !== undefined) screen.say(troubleHint(localRun));
    const progress =
      watch ??
      createRunProgress(stream, { totalCount: input.recordCount, maxConcurrency: provider.maxConcurrency });
    if (options.holdAfterSeconds !== undefined)
      await planHold(localRun, options.holdAfterSeconds, options, screen);
    const result = await runDay(localRun, preparation, options, progress, interrupt.signal);
    const report = runReportOf(result);
    await watch?.stop();
    const trace = watch?.trace(
      { ...originFiguresOf(options, result.startedAtMs), ...traceFiguresOf(report) },
      { events: result.runEvidence.events, holds: result.verdict.holds },
    );
    if (trace !== undefined) showCharts(trace, stream);
    if (options.json) process.stdout.write(`${JSON.stringify(report)}\n`);
    else stream.write(runReportText(report, result.enqueued));
    if (trace !== undefined && preparation.htmlFile !== undefined) {
      await writePage(trace, preparation.htmlFile);
      stream.write(`\nThe charts as a page, with each decision: ${preparation.htmlFile}\n`);
    }
    if (options.keep && !interrupt.signal.aborted)
      await stayUp(localRun, page?.url, stream, interrupt.signal);
    return EXIT_CODES[report.verdict];
  } finally {
    trouble?.stop();
    releaseKeys?.();
    await page?.close();
  }
}

function announcementOf({ input, provider, scenario }: Preparation): string {
  const what = `Fetching ${input.title} from ${provider.id}, at most ${provider.maxConcurrency} at once (${scenario.name})`;
  const durationMs = leastDurationMs(scenario.provider, input.recordCount);
  return Number.isFinite(durationMs)
    ? `${what}; that takes the provider alone ${leftText(durationMs)}`
    : `${what}; in this weather that takes more than a day`;
}

/** Gives the order that the options want, as an operator who plans ahead would. */
async function planHold(
  { operator }: LocalRun,
  afterSeconds: number,
  { holdForSeconds }: StartOptions,
  { say }: LiveScreen,
): Promise<void> {
  const fromMs = Date.now() + afterSeconds * 1_000;
  const answer = await operator.hold({ fromMs, forMs: holdForSeconds * 1_000 });
  if (answer.kind === "refused") say(`The hold is refused: ${answer.hint}`);
}

/** Starts the trouble maker; undefined if the provider's worker makes no trouble on demand. */
function troubleFor(localRun: LocalRun): TroubleMaker | undefined {
  const { trouble: dial } = localRun.providerServer;
  if (dial === undefined) return undefined;
  return startTroubleMaker({
    dial,
    lambda: localRun.cloud.lambdaService.lambda,
    workerName: localRun.deployment.plan.worker.name,
    clock: systemClock,
  });
}

function troubleHint({ providerServer }: LocalRun): string {
  return `To make trouble: curl -X PUT ${providerServer.url}/trouble -H content-type:application/json -d '{"errorPercentage":50,"slowPercentage":0}'`;
}

/** Says where everything is, and waits until it may end. @param pageUrl undefined without a page */
async function stayUp(
  localRun: LocalRun,
  pageUrl: string | undefined,
  stream: NodeJS.WriteStream,
  interrupt: AbortSignal,
): Promise<void> {
  const { endpoints } = localRun.cloud;
  const { plan, provider } = localRun.deployment;
  const { names } = plan;
  const target = {
    sqs: endpoints.sqs,
    dynamodb: endpoints.dynamodb,
    environment: localRun.environment,
    providerId: provider.id,
  };
  stream.write(
    [
      `SQS       ${endpoints.sqs}   ${[...Object.values(names.queues), names.deadLetterQueue].join(", ")}`,
      `DynamoDB  ${endpoints.dynamodb}   ${names.table}`,
      `Lambda    ${endpoints.lambda}   ${names.ventilator}, ${names.worker}`,
      `Provider  ${localRun.providerServer.url}   /records/{id}, /audit`,
      `Logs      ${localRun.logFile}`,
      ...(pageUrl === undefined ? [] : [`The page  ${pageUrl}`]),
      `To steer  npx sluice status --environment ${localRun.environment}`,
      `To feed   ${feedCommand(target)}`,
      "Staying up; press Ctrl-C to end.",
      "",
    ].join("\n"),
  );
  if (!interrupt.aborted) await once(interrupt, "abort");
}
