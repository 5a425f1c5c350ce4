import { readFile } from "node:fs/promises";
import { fileProblem } from "@sluice/aws/file-problem";
import { messageOf, SluiceError } from "@sluice/core/errors";
import { explain } from "@sluice/core/parsing";
import * as z from "zod";
import { type MeasuredMapping, measuredMappingSchema } from "../event-source-mapping/measured-mapping.ts";

/** The part of a file of findings that the lab reads. */
const fileSchema = z.object(
  { version: z.literal(1, "must be 1, of this version"), mapping: measuredMappingSchema },
  "must be an object of findings",
);

/**
 * Reads what `npm run verify:aws` has measured and written to a file.
 * @throws SluiceError `input-invalid`
 */
export async function readMeasuredMapping(path: string): Promise<MeasuredMapping> {
  const parsed = fileSchema.safeParse(jsonOf(path, await textOf(path)), { reportInput: true });
  if (parsed.success) return parsed.data.mapping;
  throw invalid(path, `\n${parsed.error.issues.map((issue) => `  ${explain(issue)}`).join("\n")}`);
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (thrown) {
    throw invalid(path, ` the file ${fileProblem(thrown)}`);
  }
}

function jsonOf(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw invalid(path, ` the file is not JSON: ${messageOf(thrown)}`);
  }
}

function invalid(path: string, problems: string): SluiceError {
  return new SluiceError("input-invalid", `Measured mapping ${path} is invalid:${problems}`);
}
