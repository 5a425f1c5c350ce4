import * as z from "zod";
import { messageOf } from "../errors.ts";

/** Schema of text that is JSON; parses it to the value, whose own shape is left to its reader. */
export const jsonTextSchema: z.ZodType<unknown, string> = z.string().transform((text, context) => {
  try {
    return JSON.parse(text) as unknown;
  } catch (thrown) {
    context.addIssue({ code: "custom", message: messageOf(thrown) });
    return z.NEVER;
  }
});
