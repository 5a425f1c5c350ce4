/** The abilities of a terminal. */
export interface TerminalStyle {
  readonly color: boolean;
  /** False if only ASCII can be shown; true by default. */
  readonly unicode?: boolean;
}

/**
 * The colours in use, as parameters of SGR:
 * https://www.ecma-international.org/publications-and-standards/standards/ecma-48/
 */
const COLORS = {
  red: "31",
  green: "32",
  yellow: "33",
  blue: "34",
  magenta: "35",
  cyan: "36",
  dim: "2",
  bold: "1",
} as const;

/** A colour of {@link painterFor}. */
export type Color = keyof typeof COLORS;

/** Colours text, or leaves it as it is. */
export type Painter = (color: Color, text: string) => string;

/** A painter for a terminal with or without colour. */
export function painterFor(hasColor: boolean): Painter {
  return hasColor
    ? (color, text) => (text === "" ? "" : `\u001b[${COLORS[color]}m${text}\u001b[0m`)
    : (_color, text) => text;
}

/**
 * The abilities of a terminal, by its environment variables. NO_COLOR is honoured: https://no-color.org
 * Anything but UTF-8 is taken for ASCII.
 */
export function terminalStyleOf(
  variables: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): Required<TerminalStyle> {
  const { NO_COLOR = "", TERM, LC_ALL, LC_CTYPE, LANG } = variables;
  const locale = LC_ALL || LC_CTYPE || LANG || "";
  return {
    color: isTerminal && NO_COLOR === "" && TERM !== "dumb",
    unicode: /utf-?8/i.test(locale),
  };
}
