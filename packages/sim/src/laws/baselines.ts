import type { Law } from "@sluice/core/law";
import { aimdLaw, aimdLossesLaw } from "./aimd.ts";
import { aimd429Law, aimd429QuickLaw } from "./aimd-429.ts";
import { cloudTasksLaw, cloudTasksPatientLaw } from "./cloud-tasks.ts";
import { fixedLaw } from "./fixed.ts";
import { gradient2Law, gradient2LossesLaw } from "./gradient2.ts";
import { originalLaw } from "./original.ts";
import { originalShapedLaw } from "./original-shaped.ts";
import { resilience4jLaw, resilience4jQuickLaw } from "./resilience4j.ts";
import { vegasLaw, vegasLossesLaw } from "./vegas.ts";

/** The laws of other projects. They see each report by itself. */
export const REPORT_LAWS: readonly Law[] = [
  originalLaw,
  originalShapedLaw,
  aimdLaw,
  aimdLossesLaw,
  aimd429Law,
  aimd429QuickLaw,
  vegasLaw,
  vegasLossesLaw,
  gradient2Law,
  gradient2LossesLaw,
  resilience4jLaw,
  resilience4jQuickLaw,
  cloudTasksLaw,
  cloudTasksPatientLaw,
];

/** The laws to compare with. Names are unique. */
export const BASELINES: readonly Law[] = [fixedLaw, ...REPORT_LAWS];

/** Those with the numbers that serve their law worse. */
export const SECOND_BEST: readonly Law[] = [];
