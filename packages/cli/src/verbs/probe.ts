import { SluiceError } from "@sluice/core/errors";
import { probeNow, readSteering } from "@sluice/core/operator";
import { confirm } from "../confirm.ts";
import { tell } from "../output/tell.ts";
import type { Surroundings } from "../surroundings.ts";
import { endText } from "../text/instant.ts";
import { type ChangeOptions, withChange } from "./change-options.ts";
import { type AddVerb, EXIT, examplesText } from "./verb.ts";

const NO_REASON = "to see whether the provider is back";

/** Adds `probe`: a tripped breaker lets one call through now. */
export const addProbe: AddVerb = (program, run) => {
  withChange(program.command("probe"))
    .description("have a tripped breaker probe now, and tell what came of it; exit code 1 if it stays open")
    .addHelpText("after", examplesText("probe --provider acme", "probe --provider acme --yes --json"))
    .action(run(probe));
};

async function probe(around: Surroundings, options: ChangeOptions): Promise<number> {
  const connection = await around.connect(options);
  const { steering } = connection;
  const request = { by: await connection.nameOperator(), reason: options.reason ?? NO_REASON };
  const ask = async (isDryRun: boolean) => {
    const answer = await probeNow({ ...request, isDryRun }, steering);
    if (answer.kind === "refused") throw new SluiceError("order-refused", answer.hint);
    return answer;
  };
  const { isUnderWay } = await ask(true);
  const what = isUnderWay ? "make the probe that is under way" : "let one call through to the provider";
  if (options.dryRun) {
    tell({ json: { isDryRun: true, isUnderWay }, text: () => `would ${what}\n` }, options, around);
    return EXIT.fine;
  }
  if (!(await confirm(what, options, connection, around))) return EXIT.interrupted;
  await ask(false);
  const round = await connection.wake();
  const { decided } = await readSteering(steering);
  const { phase } = decided;
  tell(
    {
      json: { isUnderWay, round: round.kind, ...("cause" in round && { cause: round.cause }), phase },
      text: ({ nowMs, timeZone }) => {
        if (phase === "closed") return `closed: the probe was answered, limit ${decided.limit}\n`;
        if (phase === "open")
          return `still open: the next probe is due ${endText(decided.probeAtMs, nowMs, timeZone)}\n`;
        if ("cause" in round)
          return `the waker could not be called (${round.cause}): it probes within a minute\n`;
        return "half-open: no record was there to probe with, or the probe is under way; the next to come is the probe\n";
      },
    },
    options,
    around,
  );
  return phase === "open" ? EXIT.badNews : EXIT.fine;
}
