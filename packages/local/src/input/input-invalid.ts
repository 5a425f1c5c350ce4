import { SluiceError } from "@sluice/core/errors";

/** A record file that can't be used; the message names the file and, where there is one, the line (from 1 on). */
export class InputInvalid extends SluiceError {
  constructor(
    file: { readonly name: string },
    problem: string,
    options?: ErrorOptions & { lineNumber?: number },
  ) {
    const place = options?.lineNumber === undefined ? file.name : `${file.name}, line ${options.lineNumber}`;
    super("input-invalid", `Record file ${place}: ${problem}`, options);
  }
}
