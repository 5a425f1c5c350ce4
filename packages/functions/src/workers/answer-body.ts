import type { IncomingMessage } from "node:http";

/** Bytes and time that are given to the rest of an answer so that its connection can be kept. */
const DROPPED_MAX_BYTES = 64 * 1_024;
const DROPPED_MAX_MS = 250;

/**
 * Reads a whole body as text. It is undefined if the body is longer than `maxBytes`: then the connection is ended, and no
 * more is read than that.
 * @throws Node's own error if the body does not come whole
 */
export async function bodyText(answer: IncomingMessage, maxBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let byteCount = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    byteCount += chunk.length;
    if (byteCount > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

/** Reads the rest of an answer away if that is soon done, and ends the connection otherwise. It never rejects. */
export async function dropBody(answer: IncomingMessage): Promise<void> {
  const timer = setTimeout(() => answer.destroy(), DROPPED_MAX_MS);
  try {
    await bodyText(answer, DROPPED_MAX_BYTES);
  } catch {
    // A body that nobody wants may break off.
  } finally {
    clearTimeout(timer);
  }
}
