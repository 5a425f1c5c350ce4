import { parseEnvironment } from "@sluice/core/deployment";
import { EXIT, runVerify } from "../command.ts";
import { parseVerifyOptions } from "../options.ts";
import { RESOURCE_KINDS } from "../ports/resource.ts";
import { PREFIX, runNamesOf } from "../run-names.ts";
import { systemSurroundings } from "../system-surroundings.ts";
import { EMBEDDED_PLACE, startEmbeddedAccount } from "./embedded-account.ts";
import { QUICK_TIMING } from "./quick-timing.ts";

/*
 * The command as a process of its own, on a cloud that lives as long as it does. At its end it prints its exit code and what
 * is left in the account.
 */

const options = parseVerifyOptions(process.argv.slice(2));
const surroundings = systemSurroundings(EXIT.interrupted);
const names = runNamesOf(surroundings.ids.next());
const { interrupt } = surroundings;
const { account, stop } = await startEmbeddedAccount({ suffix: names.suffix, tags: {} }, { interrupt });
const environment = parseEnvironment(EMBEDDED_PLACE, options.environment, "environments/trial.json");
const timing = { ...QUICK_TIMING, rounds: options.rounds };
const code = await runVerify({ environment, account, names, timing, surroundings }, options);
const left = await Promise.all(RESOURCE_KINDS.map((kind) => account.remover.find(kind, PREFIX)));
process.stdout.write(`${JSON.stringify({ code, left: left.flat() })}\n`);
await stop();
