/** Code units that JSON leaves as they are: SQS refuses the noncharacters, and some emulators all surrogate pairs. */
const REFUSED = /[\uD800-\uDFFF\uFFFE\uFFFF]/g;

/** The same JSON, in characters that every SQS takes. */
export function escapeForSqs(json: string): string {
  return json.replace(REFUSED, (codeUnit) => `\\u${codeUnit.charCodeAt(0).toString(16)}`);
}

/** Bytes of a text as SQS counts them: those of its UTF-8. */
export function sizeBytes(text: string): number {
  return new TextEncoder().encode(text).byteLength;
}
