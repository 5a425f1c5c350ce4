import type { ReasonToStayShut } from "@sluice/core/operator";
import type { Style } from "../output/style.ts";
import { endText } from "./instant.ts";
import { printable } from "./printable.ts";

/** A reason for which nothing starts, with its end as far as it is known. */
export function reasonText(reason: ReasonToStayShut, { nowMs, timeZone }: Style): string {
  const until = reason.untilMs === undefined ? undefined : endText(reason.untilMs, nowMs, timeZone);
  switch (reason.kind) {
    case "order": {
      const order = reason.order && `by ${printable(reason.order.by)}: ${printable(reason.order.reason)}`;
      return [`held until ${until}`, ...(order === undefined ? [] : [order])].join(" ");
    }
    case "retry-after":
      return `the provider asks to wait until ${until}`;
    case "window":
      return until === undefined ? "closed by its windows" : `closed by its windows until ${until}`;
    case "quota":
      return `quota used up${reason.isBulkOnly ? ", but for express records," : ""} until ${until}`;
    case "environment": {
      const what = reason.form === "cant-begin" ? "workers can't begin" : "everything is rejected";
      return until === undefined ? what : `${what}, next probe ${until}`;
    }
    case "tripped":
      return `tripped, next probe ${until}`;
    case "probing":
      return "a probe is under way";
  }
}
