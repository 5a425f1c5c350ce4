import { systemRandom } from "@sluice/aws/system-random";
import { type Diagnosis, examine } from "@sluice/core/doctor";
import { type Connection, type Place, placeText } from "../connect/connection.ts";
import type { Style } from "../output/style.ts";
import { tell } from "../output/tell.ts";
import type { Surroundings } from "../surroundings.ts";
import { findingLines, findingRow, verdictText } from "./doctor-text.ts";
import { type Seen, seeEach, unseenJson, unseenText, valuesOf } from "./each-provider.ts";
import { type PlaceOptions, withPlace } from "./place-options.ts";
import { type AddVerb, EXIT, examplesText } from "./verb.ts";

/** A diagnosis, and the place that it is of. */
interface Examined {
  readonly place: Place;
  readonly diagnosis: Diagnosis;
}

/** Adds `doctor`: whether a provider's deployment is as it should be, the likely cause if it is not, and the next step. */
export const addDoctor: AddVerb = (program, run) => {
  withPlace(program.command("doctor"))
    .description(
      "examine what is deployed: a verdict, its likely cause, and the command that mends it; exit code 1 for bad news",
    )
    .addHelpText(
      "after",
      `${examplesText("doctor", "doctor --provider acme --environment production --json")}

It changes nothing. A check for which these credentials lack a permission is no bad news: it names the permission.`,
    )
    .action(run(doctor));
};

async function doctor(around: Surroundings, options: PlaceOptions): Promise<number> {
  const ids = await around.listProviders(options);
  const all = await seeEach(ids, options, around, examineOne);
  const json = [
    ...unseenJson(all),
    ...valuesOf(all).map(({ place: { environment }, diagnosis }) => ({ environment, ...diagnosis })),
  ];
  tell({ json, text: (style) => textOf(all, style) }, options, around);
  const isWell = all.every((seen) => seen.kind === "seen" && seen.value.diagnosis.isWell);
  return isWell ? EXIT.fine : EXIT.badNews;
}

async function examineOne(connection: Connection): Promise<Examined> {
  const { place, steering, history, runs, deployed } = connection;
  const openDeadLetters = async () => (await connection.queues()).deadLetters;
  const diagnosis = await examine({
    ...steering,
    place,
    history,
    runs,
    deployed,
    random: systemRandom,
    openDeadLetters,
  });
  return { place, diagnosis };
}

/** For people: a verdict each, and all checks of a single one, of many those that are not good. For a pipe: a check a line. */
function textOf(all: readonly Seen<Examined>[], style: Style): string {
  const examined = valuesOf(all);
  if (!style.isTerminal) {
    const rows = examined.flatMap(({ diagnosis }) =>
      diagnosis.findings.map((finding) => findingRow(diagnosis.providerId, finding)),
    );
    return [...rows, unseenText(all, style)].join("");
  }
  const isAlone = all.length === 1;
  const parts = examined.map(({ place, diagnosis }) => {
    const shown = diagnosis.findings.filter(
      ({ kind }) => isAlone || kind === "bad" || kind === "not-checked",
    );
    const head = `${diagnosis.providerId} in ${placeText(place)}: ${verdictText(diagnosis, style)}\n`;
    return [head, ...shown.map((finding) => findingLines(finding, style))].join("");
  });
  return [...parts, unseenText(all, style)].join("");
}
