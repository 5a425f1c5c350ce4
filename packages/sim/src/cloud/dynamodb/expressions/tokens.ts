import { UnsupportedRequest } from "../errors.ts";

/** A token of an expression: `#name`, `:value`, a word (keyword or function), or a symbol. */
export interface Token {
  readonly kind: "name" | "value" | "word" | "symbol" | "end";
  readonly text: string;
}

const TOKEN = /\s*(?:(#\w+)|(:\w+)|([A-Za-z_]\w*)|(<=|>=|<>|[=<>(),+-]))/y;
const END: Token = { kind: "end", text: "" };

/**
 * Splits an expression into tokens.
 * @throws UnsupportedRequest for any other character, such as those of nested paths
 */
export function tokensOf(expression: string): Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(TOKEN);
  const end = expression.trimEnd().length;
  while (pattern.lastIndex < end) {
    const start = pattern.lastIndex;
    const found = pattern.exec(expression);
    if (found === null) throw new UnsupportedRequest(`"${expression.slice(start)}" in "${expression}"`);
    const [, name, value, word, symbol = ""] = found;
    if (name !== undefined) tokens.push({ kind: "name", text: name });
    else if (value !== undefined) tokens.push({ kind: "value", text: value });
    else if (word !== undefined) tokens.push({ kind: "word", text: word });
    else tokens.push({ kind: "symbol", text: symbol });
  }
  return [...tokens, END];
}
