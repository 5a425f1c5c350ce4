import { force, hold, pin, resume } from "@sluice/core/operator";
import { wholeNumber } from "@sluice/sim/command";
import { Argument, Option } from "commander";
import type { Surroundings } from "../surroundings.ts";
import { type ChangeOptions, withChange } from "./change-options.ts";
import { giveOrder } from "./give-order.ts";
import { instantOf, type OrderTimeOptions, orderTimeOf, withTime } from "./order-times.ts";
import { type AddVerb, examplesText } from "./verb.ts";

type OrderOptions = ChangeOptions & OrderTimeOptions;

/** No provider allows more at once than this; the use-case knows X. */
const LIMIT_MAX = 10_000;
const limit = () => new Argument("<limit>", "requests at once").argParser(wholeNumber(1, LIMIT_MAX));

/** Adds `hold`: nothing new is started. */
export const addHold: AddVerb = (program, run) => {
  withTime(withChange(program.command("hold")), "four hours if nothing is said, ever for no end")
    .description("hold a provider: nothing new is started, what is under way ends, no attempt is charged")
    .option("--from <time>", "plan it for later, as --until is written")
    .addHelpText(
      "after",
      examplesText(
        "hold --provider acme --reason 'their maintenance' --until 18:00",
        "hold --provider acme --from '2026-12-24 18:00' --for 12h --reason Christmas",
      ),
    )
    .action(
      run(async (around: Surroundings, options: OrderOptions & { readonly from?: string }) => {
        const { from } = options;
        const fromMs = from === undefined ? {} : { fromMs: instantOf("--from", from, around) };
        const times = { ...orderTimeOf(options, around), ...fromMs };
        return giveOrder((author, { steering }) => hold({ ...author, ...times }, steering), options, around);
      }),
    );
};

/** Adds `pin`: at most so many requests at once. */
export const addPin: AddVerb = (program, run) => {
  withTime(
    withChange(program.command("pin").addArgument(limit())),
    "four hours if nothing is said, ever for no end",
  )
    .description(
      "pin a provider's limit below X: at most so many requests at once, whatever the breaker wants",
    )
    .addHelpText("after", examplesText("pin 3 --provider acme --for 2h --reason 'they asked for less'"))
    .action(
      run(async (around: Surroundings, count: number, options: OrderOptions) => {
        const times = orderTimeOf(options, around);
        return giveOrder(
          (author, { steering }) => pin({ ...author, ...times, limit: count }, steering),
          options,
          around,
        );
      }),
    );
};

/** Adds `force`: requests flow although the breaker is open. */
export const addForce: AddVerb = (program, run) => {
  withTime(withChange(program.command("force").addArgument(limit())), "a quarter of an hour, an hour at most")
    .description("force an open breaker: requests flow at that limit, attempts are charged, nothing probes")
    .addHelpText(
      "after",
      examplesText("force 2 --provider acme --for 10m --reason 'they say that they are back'"),
    )
    .action(
      run(async (around: Surroundings, count: number, options: OrderOptions) => {
        const times = orderTimeOf(options, around);
        return giveOrder(
          (author, { steering }) => force({ ...author, ...times, limit: count }, steering),
          options,
          around,
        );
      }),
    );
};

/** Adds `resume`: orders end. */
export const addResume: AddVerb = (program, run) => {
  withChange(program.command("resume"))
    .description("end a hold, in force or planned; or a pin or a force")
    .addOption(
      new Option("--ends <orders...>", "orders to end").choices(["hold", "pin", "force"]).default(["hold"]),
    )
    .addHelpText("after", examplesText("resume --provider acme", "resume --provider acme --ends pin force"))
    .action(
      run(
        async (
          around: Surroundings,
          options: ChangeOptions & { readonly ends: ("hold" | "pin" | "force")[] },
        ) => {
          const { ends, reason = "no reason given" } = options;
          return giveOrder(
            (author, { steering }) => resume({ ...author, ends }, steering),
            { ...options, reason },
            around,
          );
        },
      ),
    );
};
