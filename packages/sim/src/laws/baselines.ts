import type { Law } from "@sluice/core/law";
import { aimdFailuresLaw, aimdLaw } from "./aimd.ts";
import { aimd429Law, aimd429QuickLaw } from "./aimd-429.ts";
import { cloudTasksLaw, cloudTasksPatientLaw } from "./cloud-tasks.ts";
import { fixedLaw } from "./fixed.ts";
import { gradient2FailuresLaw, gradient2Law } from "./gradient2.ts";
import { originalLaw } from "./original.ts";
import { originalShapedLaw } from "./original-shaped.ts";
import { resilience4jLaw, resilience4jQuickLaw } from "./resilience4j.ts";
import { vegasFailuresLaw, vegasLaw } from "./vegas.ts";

/** The second parametrisation of each law that has two, the one that does worse on the whole. */
export const SECOND_BEST: readonly Law[] = [
  resilience4jQuickLaw,
  aimd429QuickLaw,
  aimdFailuresLaw,
  vegasFailuresLaw,
  gradient2FailuresLaw,
  cloudTasksPatientLaw,
];

/** The laws of other projects. They see each report by itself. */
export const REPORT_LAWS: readonly Law[] = [
  originalLaw,
  originalShapedLaw,
  resilience4jLaw,
  aimd429Law,
  aimdLaw,
  vegasLaw,
  gradient2Law,
  cloudTasksLaw,
  ...SECOND_BEST,
];

/** The laws to compare with. Names are unique. */
export const BASELINES: readonly Law[] = [fixedLaw, ...REPORT_LAWS];
