import { readFile, writeFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { fileProblem } from "@sluice/aws/file-problem";
import { messageOf, SluiceError } from "@sluice/core/errors";
import type { Scenario } from "../../provider-simulator/scenario.ts";
import { scenarioJson } from "../shrink/shrink-report.ts";
import { textTable } from "../tables.ts";
import { contractFor } from "./contract.ts";
import { findingsTable } from "./findings.ts";
import { parseEvents } from "./parse-events.ts";
import { rebuild } from "./rebuild.ts";

/** The part of the command line that `--replay` needs. */
export interface ReplayOptions {
  /** The file of events; `-` for what is piped in. */
  readonly replay: string;
  /** The provider's data file, or its id in the catalog; without it the events' own. */
  readonly provider?: string;
  /** The file to which the rebuilt scenario is written; without it it is not. */
  readonly save?: string;
}

/**
 * Rebuilds the scenario of a file of events, and tells what it was read from.
 * @param tell prints the table of findings
 * @throws SluiceError for events, a data file or a path that can't be used
 */
export async function replayedScenario(
  { replay, provider, save }: ReplayOptions,
  tell: (table: string) => void,
): Promise<Scenario> {
  const source = replay === "-" ? "the pipe" : replay;
  const events = parseEvents(await textOf(replay), source);
  const contract = await contractFor(provider, events.provider);
  const rebuilt = rebuild(events, contract);
  tell(textTable(findingsTable(rebuilt, contract)));
  if (save !== undefined) await write(save, `${scenarioJson(rebuilt.scenario)}\n`);
  return rebuilt.scenario;
}

async function textOf(file: string): Promise<string> {
  if (file === "-") return text(process.stdin);
  try {
    return await readFile(file, "utf8");
  } catch (thrown) {
    throw new SluiceError("input-invalid", `The file of events ${file} ${fileProblem(thrown)}.`, {
      cause: thrown,
    });
  }
}

async function write(file: string, json: string): Promise<void> {
  try {
    await writeFile(file, json);
  } catch (thrown) {
    throw new SluiceError(
      "input-invalid",
      `The scenario can't be written to ${file}: ${messageOf(thrown)}. Give another file with --save.`,
      { cause: thrown },
    );
  }
}
