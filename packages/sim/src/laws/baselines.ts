import type { Law } from "@sluice/core/law";
import { aimdLaw } from "./aimd.ts";
import { fixedLaw } from "./fixed.ts";
import { gradient2Law, gradient2WindowedLaw } from "./gradient2.ts";
import { originalLaw } from "./original.ts";
import { originalShapedLaw } from "./original-shaped.ts";
import { vegasLaw } from "./vegas.ts";

/** The laws of others, to compare with. Names are unique. */
export const BASELINES: readonly Law[] = [
  fixedLaw,
  originalLaw,
  originalShapedLaw,
  aimdLaw,
  vegasLaw,
  gradient2Law,
  gradient2WindowedLaw,
];
