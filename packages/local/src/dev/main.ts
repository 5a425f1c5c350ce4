import { createLambdaValves, createValveClient } from "@sluice/aws/lambda-valve";
import { systemClock } from "@sluice/aws/system-clock";
import { runCommand } from "@sluice/sim/command";
import { Command } from "commander";
import { attend } from "./attend.ts";
import { departureSignal } from "./departure.ts";
import { HOW_TO_ATTEND, parseDevEnvironment } from "./dev-environment.ts";

/** Exit codes: a mapping stayed open, the command is wrong, Ctrl-C twice. */
const EXIT_FAILED = 1;
const EXIT_USAGE = 2;
const EXIT_INTERRUPTED = 130;

async function main(args: readonly string[]): Promise<number> {
  parseArguments(args);
  const { relayName, queueArns } = parseDevEnvironment(process.env);
  const client = createValveClient();
  process.stdout.write(`Opening the mappings to ${relayName} until this command ends.\n`);
  const areShut = await attend({
    valves: createLambdaValves(client, relayName, queueArns),
    clock: systemClock,
    departure: departureSignal(EXIT_INTERRUPTED),
    say: (line) => process.stdout.write(`${line}\n`),
  });
  return areShut ? 0 : EXIT_FAILED;
}

/** @throws CommanderError with exit code 2 for anything but `--help`, and 0 for that */
function parseArguments(args: readonly string[]): void {
  new Command("npm run attend")
    .description(
      "Lets messages through while a developer is attached: opens the event source mappings of an attended deployment,\nand shuts them when it is stopped, or whoever started it is gone.",
    )
    .addHelpText("after", `\n${HOW_TO_ATTEND}`)
    .showHelpAfterError()
    .allowExcessArguments(false)
    .exitOverride((error) => {
      // Commander's own code for a wrong option is 1, which here means that a mapping stayed open.
      error.exitCode = error.exitCode === 0 ? 0 : EXIT_USAGE;
      throw error;
    })
    .parse(args, { from: "user" });
}

await runCommand(main);
