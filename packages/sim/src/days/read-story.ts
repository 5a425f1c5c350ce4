import { readFile } from "node:fs/promises";
import { fileProblem } from "@sluice/aws/file-problem";
import { messageOf, SluiceError } from "@sluice/core/errors";
import * as z from "zod";
import type { Story } from "./story.ts";
import { storySchema } from "./story-schema.ts";

/** Reads a story that `--save` has written. @throws SluiceError `input-invalid`, naming the file and what is wrong */
export async function readStory(file: string): Promise<Story> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (thrown) {
    throw new SluiceError("input-invalid", `The story ${file} ${fileProblem(thrown)}.`);
  }
  const parsed = storySchema.safeParse(jsonIn(text, file));
  if (parsed.success) return parsed.data;
  throw new SluiceError("input-invalid", `${file} is no story: ${z.prettifyError(parsed.error)}`);
}

function jsonIn(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw new SluiceError("input-invalid", `${file} is not JSON: ${messageOf(thrown)}`);
  }
}
