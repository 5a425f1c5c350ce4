import { asOperatorError } from "@sluice/aws/operator-errors";
import { Command, type CommanderError } from "commander";
import type { Surroundings } from "./surroundings.ts";
import { addCompletion } from "./verbs/completion.ts";
import { addConsole } from "./verbs/console.ts";
import { addDead } from "./verbs/dead.ts";
import { addDecisions } from "./verbs/decisions.ts";
import { addDoctor } from "./verbs/doctor.ts";
import { addEnqueue } from "./verbs/enqueue.ts";
import { addHolds } from "./verbs/holds.ts";
import { addForce, addHold, addPin, addResume } from "./verbs/orders.ts";
import { addProbe } from "./verbs/probe.ts";
import { addRuns } from "./verbs/runs.ts";
import { addStatus } from "./verbs/status.ts";
import { type AddVerb, EXIT, type Runner } from "./verbs/verb.ts";
import { addWhy } from "./verbs/why.ts";

const VERBS: readonly AddVerb[] = [
  addStatus,
  addHolds,
  addHold,
  addResume,
  addPin,
  addForce,
  addProbe,
  addDecisions,
  addDoctor,
  addRuns,
  addDead,
  addEnqueue,
  addWhy,
  addConsole,
  addCompletion,
];

/** Advice below the overview that a command line without a verb shows. */
const TO_TRY = [
  "",
  "To try: sluice status --watch, sluice doctor, sluice decisions, sluice console, sluice hold --help",
  "All verbs: sluice --help",
  "",
].join("\n");

/**
 * Runs a command line.
 * @returns the exit code
 * @throws CommanderError for wrong use and `--help`, which have been printed; SluiceError, with one or two lines of advice
 */
export async function sluice(args: readonly string[], around: Surroundings): Promise<number> {
  let exitCode: number = EXIT.fine;
  const run: Runner =
    (verb) =>
    async (...given) => {
      // Commander hands over the command itself in the end.
      const [, ...reversed] = given.toReversed();
      exitCode = await verb(around, ...(reversed.toReversed() as never));
    };
  const program = createProgram(run, around);
  try {
    await program.parseAsync(args.length === 0 ? ["status"] : args, { from: "user" });
  } catch (thrown) {
    throw asOperatorError(thrown);
  }
  if (args.length === 0) around.stderr.write(TO_TRY);
  return exitCode;
}

/** The command line with all its verbs. */
export function createProgram(
  run: Runner,
  { stdout, stderr }: Pick<Surroundings, "stdout" | "stderr">,
): Command {
  const program = new Command("sluice")
    .description("Looks at the providers of Sluice, and steers them: on AWS and on this machine alike.")
    .usage("<verb> [options]");
  for (const add of VERBS) add(program, run);
  for (const command of [
    program,
    ...program.commands,
    ...program.commands.flatMap((group) => group.commands),
  ]) {
    command
      .configureOutput({ writeOut: stdout.write, writeErr: stderr.write })
      .showHelpAfterError("See --help for how it is used.")
      .exitOverride(asUsage);
  }
  return program;
}

/** Commander's own code for wrong use is 1, which here means bad news. */
function asUsage(error: CommanderError): never {
  error.exitCode = error.exitCode === 0 ? EXIT.fine : EXIT.usage;
  throw error;
}
