import { SluiceError } from "@sluice/core/errors";
import { type OrderAnswer, readSteering } from "@sluice/core/operator";
import { confirm, reasonFor } from "../confirm.ts";
import type { Connection } from "../connect/connection.ts";
import type { Style } from "../output/style.ts";
import { tell } from "../output/tell.ts";
import type { Surroundings } from "../surroundings.ts";
import { endText } from "../text/instant.ts";
import { printable } from "../text/printable.ts";
import type { ChangeOptions } from "./change-options.ts";
import { EXIT } from "./verb.ts";

/** The operator who gives an order, as each use-case of orders takes him. */
export interface OrderAuthor {
  readonly by: string;
  readonly reason: string;
  readonly isDryRun: boolean;
}

type Ordered = OrderAnswer & { readonly kind: "ordered" };

/**
 * Gives an order as people want it: it is tried first, so that a refusal comes before the question; then shown; then given.
 * @throws SluiceError `order-refused`, `not-confirmed`, and those of the order itself
 */
export async function giveOrder(
  order: (author: OrderAuthor, connection: Connection) => Promise<OrderAnswer>,
  options: ChangeOptions,
  around: Surroundings,
): Promise<number> {
  const connection = await around.connect(options);
  const by = await connection.nameOperator();
  const reason = await reasonFor(options, around);
  if (reason === undefined) return EXIT.interrupted;
  const author = { by, reason };
  const planned = orderedOrThrow(await order({ ...author, isDryRun: true }, connection));
  if (options.dryRun) {
    const now = await nowText(connection);
    tell(
      {
        json: { isDryRun: true, ...planned },
        text: (style) => `would be ${orderText(planned, style)}now: ${now}\n`,
      },
      options,
      around,
    );
    return EXIT.fine;
  }
  const what = `${printable(planned.change.summary)}\n  now: ${await nowText(connection)}`;
  if (!(await confirm(what, options, connection, around))) return EXIT.interrupted;
  const answer = orderedOrThrow(await order({ ...author, isDryRun: false }, connection));
  tell({ json: answer, text: (style) => orderText(answer, style) + lateText(answer) }, options, around);
  return EXIT.fine;
}

function orderedOrThrow(answer: OrderAnswer): Ordered {
  if (answer.kind === "ordered") return answer;
  throw new SluiceError("order-refused", answer.hint);
}

/** The state that an order meets. */
async function nowText({ steering }: Connection): Promise<string> {
  const { control, reasons } = await readSteering(steering);
  const { maxConcurrency } = steering.provider;
  const shut = reasons.length === 0 ? "" : `, shut by ${reasons.map(({ kind }) => kind).join(", ")}`;
  return `${control.phase}, limit ${control.limit} of ${maxConcurrency}${shut}`;
}

function orderText({ change }: Ordered, { nowMs, timeZone }: Style): string {
  const ends = Object.values(change.given ?? {}).map(
    ({ untilMs }) => `until ${endText(untilMs, nowMs, timeZone)}\n`,
  );
  return [`${printable(change.summary)}\n`, ...ends].join("");
}

function lateText({ isCarriedOut }: Ordered): string {
  return isCarriedOut
    ? ""
    : "It is stored; the permits could not be told yet, the waker does it within a minute.\n";
}
