import type { Surroundings } from "../surroundings.ts";
import { type Style, styleFor } from "./style.ts";

/** The same facts for programs and for people. */
export interface Answer {
  /** A JSON value. */
  readonly json: unknown;
  text(style: Style): string;
}

/** Writes an answer: as one line of JSON where that is asked for, else as text. */
export function tell(
  answer: Answer,
  { json = false }: { readonly json?: boolean },
  around: Surroundings,
): void {
  const { stdout } = around;
  stdout.write(json ? `${JSON.stringify(answer.json)}\n` : answer.text(styleFor(stdout, around)));
}
