import { readFile } from "node:fs/promises";
import { fileProblem } from "@sluice/aws/file-problem";
import { messageOf } from "@sluice/core/errors";
import { parseScenario, ScenarioInvalid } from "./parse-scenario.ts";
import type { Scenario } from "./scenario.ts";

const BYTE_ORDER_MARK = /^\uFEFF/;

/**
 * Reads a scenario file.
 * @param base what a left-out option is taken from
 * @throws ScenarioInvalid also when the file can't be read or is no JSON
 */
export async function readScenario(path: string, base?: Scenario): Promise<Scenario> {
  return parseScenario(jsonOf(path, await fileText(path)), path, base);
}

async function fileText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (thrown) {
    throw new ScenarioInvalid(path, [`the file ${fileProblem(thrown)}`], { cause: thrown });
  }
}

function jsonOf(path: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(BYTE_ORDER_MARK, ""));
  } catch (thrown) {
    throw new ScenarioInvalid(path, [`the file is not JSON: ${messageOf(thrown)}`], { cause: thrown });
  }
}
