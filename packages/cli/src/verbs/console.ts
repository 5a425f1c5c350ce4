import { type ConsoleServer, serveConsole } from "@sluice/console/server";
import { wholeNumber } from "@sluice/sim/command";
import { Option } from "commander";
import { browserCommand } from "../browser/browser-command.ts";
import type { Surroundings } from "../surroundings.ts";
import { type PlaceOptions, withPlace } from "./place-options.ts";
import { type AddVerb, EXIT, examplesText } from "./verb.ts";

const PORT_MAX = 65_535;

/** Adds `console`: a page in a browser that shows what all verbs show. */
export const addConsole: AddVerb = (program, run) => {
  withPlace(program.command("console"))
    .description(
      "serve a page on this machine, to look at providers and to steer them, and open it in the default browser; Ctrl-C ends it",
    )
    .addOption(
      new Option("--port <n>", "port on the loopback; any free one if left out").argParser(
        wholeNumber(1, PORT_MAX),
      ),
    )
    .option("--no-open", "open no browser; none is in a pipe, over SSH, in CI, or without a screen")
    .addHelpText("after", examplesText("console", "console --environment production --port 7777 --no-open"))
    .action(run(serve));
};

type ConsoleOptions = PlaceOptions & { readonly port?: number; readonly open: boolean };

async function serve(around: Surroundings, options: ConsoleOptions): Promise<number> {
  const ids = await around.listProviders(options);
  const connections = await Promise.all(ids.map((provider) => around.connect({ ...options, provider })));
  const desks = connections.map((connection) => ({
    access: connection,
    environment: connection.place.environment,
    isLocal: connection.place.kind === "local",
    nameOperator: connection.nameOperator,
  }));
  const server = await serveConsole({ desks }, options.port === undefined ? {} : { port: options.port });
  around.stdout.write(options.json ? `${JSON.stringify({ url: server.url })}\n` : `${server.url}\n`);
  if (options.open && options.json !== true && around.stdout.isTerminal) {
    const command = browserCommand(server.makeTicketUrl(), around);
    if (command !== undefined) around.launch(command);
  }
  await untilInterrupted(server, around.interrupt);
  return EXIT.fine;
}

async function untilInterrupted(server: ConsoleServer, interrupt: AbortSignal): Promise<void> {
  if (!interrupt.aborted) {
    await new Promise((resolve) => interrupt.addEventListener("abort", resolve, { once: true }));
  }
  await server.close();
}
