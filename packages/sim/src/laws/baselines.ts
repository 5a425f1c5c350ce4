import type { Law } from "@sluice/core/law";
import { aimdLaw } from "./aimd.ts";
import { fixedLaw } from "./fixed.ts";
import { gradient2Law, gradient2WindowedLaw } from "./gradient2.ts";
import { originalLaw } from "./original.ts";
import { originalShapedLaw } from "./original-shaped.ts";
import { vegasLaw } from "./vegas.ts";

/** The laws of other projects. They see each report by itself. */
export const REPORT_LAWS: readonly Law[] = [
  originalLaw,
  originalShapedLaw,
  aimdLaw,
  vegasLaw,
  gradient2Law,
  gradient2WindowedLaw,
];

/** The laws to compare with. Names are unique. */
export const BASELINES: readonly Law[] = [fixedLaw, ...REPORT_LAWS];
