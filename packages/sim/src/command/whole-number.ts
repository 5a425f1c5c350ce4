import { InvalidArgumentError } from "commander";

/**
 * Makes the parser of an option that is a whole number from `min` to `max`.
 * @returns a parser that throws commander's `InvalidArgumentError`, which names both bounds, for any other text
 */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}
