import * as z from "zod";
import { messageOf } from "../errors.ts";

/** Parses text that holds a JSON value; the value's own shape is its reader's matter. */
export const jsonTextSchema: z.ZodType<unknown, string> = z.string().transform((text, context) => {
  try {
    return JSON.parse(text) as unknown;
  } catch (thrown) {
    context.addIssue({ code: "custom", message: messageOf(thrown) });
    return z.NEVER;
  }
});
