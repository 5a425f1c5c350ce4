import { UnsupportedRequest } from "../errors.ts";
import { type Token, tokensOf } from "./tokens.ts";

/** Placeholders that an expression uses. */
export interface Placeholders {
  readonly names: ReadonlySet<string>;
  readonly values: ReadonlySet<string>;
}

/** A place in an expression that is being parsed. */
export interface Cursor {
  readonly placeholders: Placeholders;
  peek(): Token;
  next(): Token;
  /** Passes a symbol or keyword, if it is the next token. Keywords are the same in any case. */
  takes(text: string): boolean;
  /** Passes a symbol or keyword. @throws UnsupportedRequest if the next token is another */
  expect(text: string): void;
  /** Passes a placeholder of a name, and answers with it. @throws UnsupportedRequest */
  name(): string;
  /** Passes a placeholder of a value, and answers with it. @throws UnsupportedRequest */
  value(): string;
  /** The error of a token that does not belong where it stands. */
  surprise(): UnsupportedRequest;
}

/** A cursor at the start of an expression. */
export function createCursor(expression: string): Cursor {
  const tokens = tokensOf(expression);
  const names = new Set<string>();
  const values = new Set<string>();
  let at = 0;

  const peek = (): Token => tokens[at] ?? { kind: "end", text: "" };
  const surprise = () => new UnsupportedRequest(`"${peek().text}" as token ${at + 1} of "${expression}"`);

  function next(): Token {
    const token = peek();
    if (token.kind === "name") names.add(token.text);
    if (token.kind === "value") values.add(token.text);
    at += 1;
    return token;
  }

  function takes(text: string): boolean {
    const { kind, text: found } = peek();
    const isIt = kind === "word" ? found.toUpperCase() === text : kind === "symbol" && found === text;
    if (isIt) next();
    return isIt;
  }

  function expect(text: string): void {
    if (!takes(text)) throw surprise();
  }

  function passed(kind: Token["kind"]): string {
    if (peek().kind !== kind) throw surprise();
    return next().text;
  }

  const placeholders = { names, values };
  const name = () => passed("name");
  const value = () => passed("value");
  return { placeholders, peek, next, takes, expect, name, value, surprise };
}
