import { writeFile } from "node:fs/promises";
import { join, parse } from "node:path";
import { messageOf, SluiceError } from "@sluice/core/errors";
import { interruptSignal } from "../../command/interrupt.ts";
import { runCommand } from "../../command/run-command.ts";
import { runOnThreads } from "../../threads/thread-pool.ts";
import { drawStory } from "../draw/draw-story.ts";
import { readStory } from "../read-story.ts";
import type { RuleName } from "../rules/rule.ts";
import type { Story } from "../story.ts";
import { type DayAnswer, type DayRequest, storyWithout } from "./day-request.ts";
import { createFindings, type Findings } from "./findings.ts";
import { huntCommand } from "./hunt-command.ts";
import { parseSimulateOptions, type SimulateOptions } from "./options.ts";
import { replayCommand, summaryLines, tellBreach, traceOf } from "./print.ts";
import { createDaysProgress } from "./progress.ts";

const EXIT_BROKEN = 1;
const EXIT_INTERRUPTED = 130;

async function main(args: readonly string[]): Promise<number> {
  const options = parseSimulateOptions(args);
  const interrupt = interruptSignal(EXIT_INTERRUPTED);
  if (options.trace) return trace(options);
  if (options.mutants) return hunt(options, interrupt);
  const findings = createFindings(options.only);
  await simulate(options, findings, interrupt);
  await tell(options, findings, interrupt);
  if (interrupt.aborted) return EXIT_INTERRUPTED;
  return findings.firstBreaches().size > 0 ? EXIT_BROKEN : 0;
}

/** Shows the power of the rules; a mutant that survives is a gap in them. */
async function hunt(options: SimulateOptions, signal: AbortSignal): Promise<number> {
  const survived = await huntCommand(options, signal, (line) => process.stdout.write(`${line}\n`));
  if (signal.aborted) return EXIT_INTERRUPTED;
  return survived.length > 0 ? EXIT_BROKEN : 0;
}

/** Runs one day and prints all of it. */
async function trace({ only, ...options }: SimulateOptions): Promise<number> {
  const story = await storyOf(options);
  const violations = await traceOf(story, (line) => process.stdout.write(`${line}\n`));
  return violations.some(({ rule }) => only.length === 0 || only.includes(rule)) ? EXIT_BROKEN : 0;
}

async function storyOf({ story, seed, from, without }: Omit<SimulateOptions, "only">): Promise<Story> {
  const drawn = story === undefined ? drawStory(seed ?? from) : await readStory(story);
  return storyWithout(drawn, without);
}

async function simulate(options: SimulateOptions, findings: Findings, signal: AbortSignal): Promise<void> {
  const requests = options.story === undefined ? seedRequests(options) : [await storyRequest(options)];
  const progress = createDaysProgress(process.stderr, requests.length);
  await runOnThreads<DayRequest, DayAnswer>(requests, {
    body: new URL("./thread.ts", import.meta.url),
    threadCount: Math.min(options.jobs, requests.length),
    signal,
    onEnd(_, answer) {
      if (answer.kind !== "ran") return;
      const { story, report } = answer;
      const breaches = findings.add(story, report);
      progress.ended(breaches.map(({ rule, what }) => `seed ${story.seed}, ${rule}: ${what}`));
    },
  });
  progress.clear();
}

function seedRequests({ seed, seeds, from, without }: SimulateOptions): readonly DayRequest[] {
  const count = seed === undefined ? seeds : 1;
  const first = seed ?? from;
  return Array.from({ length: count }, (_, at): DayRequest => ({ kind: "run", seed: first + at, without }));
}

async function storyRequest(options: SimulateOptions): Promise<DayRequest> {
  return { kind: "run-story", story: await storyOf(options) };
}

async function tell(options: SimulateOptions, findings: Findings, signal: AbortSignal): Promise<void> {
  const print = (line: string) => process.stdout.write(`${line}\n`);
  const stories = new Map<RuleName, Story>();
  for (const [rule, { story }] of findings.firstBreaches()) {
    if (options.json && options.save === undefined) break;
    const shortest = signal.aborted ? story : await shortestOf(story, rule, options, signal);
    stories.set(rule, shortest);
    if (options.json) continue;
    print(`\n✗ ${rule}, seed ${story.seed}: ${replayCommand(story.seed, rule)}`);
    for (const line of await tellBreach(shortest, rule)) print(`  ${line}`);
  }
  if (options.json) print(JSON.stringify(findings.summary(), null, 2));
  else for (const line of ["", ...summaryLines(findings.summary())]) print(line);
  if (signal.aborted) process.stderr.write("Interrupted: that is what was found so far.\n");
  if (options.save === undefined) return;
  for (const [rule, story] of stories) await save(story, fileFor(rule, options.save, stories.size));
}

/** The file of a story: the given one, or one for each rule that broke. */
function fileFor(rule: RuleName, file: string, storyCount: number): string {
  if (storyCount === 1) return file;
  const { dir, name, ext } = parse(file);
  return join(dir, `${name}-${rule}${ext}`);
}

async function save(story: Story, file: string): Promise<void> {
  try {
    await writeFile(file, `${JSON.stringify(story, null, 2)}\n`);
  } catch (thrown) {
    const problem = messageOf(thrown);
    throw new SluiceError(
      "input-invalid",
      `The story can't be written to ${file}: ${problem}. Give another file with --save.`,
    );
  }
}

async function shortestOf(
  story: Story,
  rule: RuleName,
  { shorten: triesMax }: SimulateOptions,
  signal: AbortSignal,
): Promise<Story> {
  let shortest = story;
  if (triesMax === 0) return story;
  await runOnThreads<DayRequest, DayAnswer>([{ kind: "shorten", story, rule, triesMax }], {
    body: new URL("./thread.ts", import.meta.url),
    threadCount: 1,
    signal,
    onEnd(_, answer) {
      shortest = answer.story;
    },
  });
  return shortest;
}

await runCommand(main);
