import { FLEET } from "../provider/names.ts";
import type { Provider } from "../provider/provider.ts";
import type { Environment } from "./environment.ts";
import { stageOf } from "./stage.ts";

/** A change of the repository, seen from one environment. */
export interface Change {
  /** Paths from the repository's root. */
  readonly paths: readonly string[];
  readonly environment: string;
  /** Providers of the catalog by their data files, or as the environment has them. */
  readonly providers: readonly Provider[];
  readonly environments: readonly Environment[];
}

const CATALOG = /^packages\/core\/src\/provider\/catalog\/([a-z0-9-]+)\.json$/;
const WORKER = /^packages\/functions\/src\/workers\/([a-z0-9-]+)\.ts$/;
const ENVIRONMENT = /^environments\/([a-z0-9]+)\.json$/;
/** Paths of what is deployed to no stage. */
const NEVER_DEPLOYED = [
  /\.(md|svg)$/,
  /\.test\.ts$/,
  /^(docs|test|examples|\.ci|\.github)\//,
  /^packages\/(cli|console|local|scheduler|sim|testing|verify)\//,
  /\/fakes\//,
  /^packages\/functions\/src\/catalog\//,
  /^(biome|tsconfig[\w.]*)\.json$/,
  /^(vitest\.config\.ts|\.gitignore)$/,
];

/**
 * The stages of an environment that a change may alter: what its providers share first, then they, sorted. A provider's own
 * file, worker and environment are told apart; whatever else is deployed is deployed with all of them.
 */
export function touchedStages({ paths, environment, providers, environments }: Change): string[] {
  const without = environments.find(({ name }) => name === environment)?.without ?? [];
  const deployed = providers.filter(({ id }) => !without.includes(id));
  const concerns = paths
    .filter((path) => !NEVER_DEPLOYED.some((pattern) => pattern.test(path)))
    .map((path) => concernOf(path, deployed));
  const isTouched = (provider?: Provider) =>
    concerns.some((concern) => isAbout(concern, environment, provider));
  const ids = deployed.filter(isTouched).map(({ id }) => stageOf(id, environment));
  return [...(isTouched() ? [stageOf(FLEET, environment)] : []), ...ids.toSorted()];
}

/** The subject of a path: one environment, one provider or one worker, or everything. */
type Concern =
  | { readonly kind: "environment" | "provider" | "worker"; readonly name: string }
  | { readonly kind: "everything" };

function concernOf(path: string, deployed: readonly Provider[]): Concern {
  const [, provider] = CATALOG.exec(path) ?? [];
  if (provider !== undefined) return { kind: "provider", name: provider };
  const [, environment] = ENVIRONMENT.exec(path) ?? [];
  if (environment !== undefined) return { kind: "environment", name: environment };
  const [, worker] = WORKER.exec(path) ?? [];
  // Beside workers the folder has what they share.
  const isWorker = worker !== undefined && deployed.some((other) => other.worker.name === worker);
  return isWorker ? { kind: "worker", name: worker } : { kind: "everything" };
}

/** @param provider absent: what all providers share, which shows each of them */
function isAbout(concern: Concern, environment: string, provider?: Provider): boolean {
  switch (concern.kind) {
    case "environment":
      return concern.name === environment;
    case "provider":
      return provider === undefined || concern.name === provider.id;
    case "worker":
      return concern.name === provider?.worker.name;
    case "everything":
      return true;
  }
}
