import { readFile } from "node:fs/promises";
import { messageOf, type SluiceError } from "@sluice/core/errors";
import { fileProblem } from "./file-problem.ts";

const BYTE_ORDER_MARK = /^\uFEFF/;

/**
 * Reads a JSON file as people's editors write them, with a byte order mark or without.
 * @param refused makes the error that is thrown of what is wrong with the file
 */
export async function readJson(path: string, refused: (problem: string) => SluiceError): Promise<unknown> {
  const text = await readFile(path, "utf8").catch((thrown: unknown) => {
    throw refused(`the file ${fileProblem(thrown)}`);
  });
  const json = text.replace(BYTE_ORDER_MARK, "");
  if (json.trim() === "") throw refused("the file must be JSON in UTF-8, and is empty");
  try {
    return JSON.parse(json);
  } catch (thrown) {
    throw refused(`the file must be JSON in UTF-8: ${messageOf(thrown)}`);
  }
}
