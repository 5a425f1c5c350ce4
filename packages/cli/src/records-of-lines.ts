import { messageOf, SluiceError } from "@sluice/core/errors";

/**
 * Records of lines that come from elsewhere: a line that begins as a JSON object or text does is one, any other is an id.
 * Blank lines are none.
 * @throws SluiceError `input-invalid` for a line that begins as JSON and is none
 */
export async function* recordsOfLines(lines: AsyncIterable<string>): AsyncGenerator<unknown> {
  let number = 0;
  for await (const line of lines) {
    number += 1;
    const text = line.trim();
    if (text !== "") yield /^[{"]/.test(text) ? parse(text, number) : text;
  }
}

function parse(text: string, number: number): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw new SluiceError(
      "input-invalid",
      `line ${number} of the standard input is not JSON: ${messageOf(thrown)}`,
    );
  }
}
