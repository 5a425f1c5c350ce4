import { inspect } from "node:util";
import { parentPort, workerData } from "node:worker_threads";
import { SluiceError } from "@sluice/core/errors";
import { secretOf } from "../workers/secret.ts";

/* Asks for the secret that it is named. In a thread of its own, because SST's package reads the environment once. */

/** The outcome of asking for a secret. */
export type SecretReading =
  | { readonly kind: "read"; readonly value: string }
  | {
      readonly kind: "refused";
      readonly code: string | undefined;
      readonly message: string;
      /** The error as a log would show it. */
      readonly shown: string;
    };

function read(name: string): SecretReading {
  try {
    return { kind: "read", value: secretOf(name) };
  } catch (thrown) {
    const code = thrown instanceof SluiceError ? thrown.code : undefined;
    return { kind: "refused", code, message: String(Object(thrown).message), shown: inspect(thrown) };
  }
}

parentPort?.postMessage(read(workerData));
