/**
 * The numbers of the law. The lab has shown each to be worth its place; setting one to an extreme switches
 * its part off, by which the lab measures the part.
 */
export interface SluiceTuning {
  /** Mean latencies until the calls that end are a fair sample. */
  readonly settlingMeans: number;
  /** Share of faults that any provider may have without being in trouble. */
  readonly usualFaultShare: number;
  /** Rise of the share of faults above the usual one that is trouble. */
  readonly faultShareRise: number;
  /** Least usual share of slow calls; the usual share itself is learned. */
  readonly usualSlowShare: number;
  /** Rise of the share of slow calls that is trouble. */
  readonly slowShareRise: number;
  /** Log-likelihood ratio at which trouble counts as shown (Wald): e^-8, one in three thousand by chance. */
  readonly badAt: number;
  /** Log-likelihood ratio at which all counts as well: e^-3, one in twenty by chance. */
  readonly goodAt: number;
  /** Usual share of throttled calls. */
  readonly usualThrottledShare: number;
  /** Rise of the share of throttled calls that is trouble. */
  readonly throttledShareRise: number;
  /**
   * Log-likelihood ratio at which that counts as shown: no proof is needed that the limit is to blame, so a
   * few calls are enough.
   */
  readonly throttledAt: number;
  /** Rise of the mean logarithm of the latency that is trouble: ln 2.5 is two and a half times as long. */
  readonly latencyRise: number;
  /** Standard errors that such a rise must have. */
  readonly latencyZ: number;
  /** Windows in a row that must show it. */
  readonly latencyWindows: number;
  /** Rise that is still trouble while an episode lasts. */
  readonly latencyRest: number;
  /** Standard errors that such a rise must have. */
  readonly latencyRestZ: number;
  /** Weight of a window in the usual latency. */
  readonly latencyWeight: number;
  /** Share of the limit that a cut leaves. */
  readonly cut: number;
  /** Calls that a comparison of two limits needs at each. */
  readonly comparedCount: number;
  /** Least share of the limit that a cut for longer calls leaves. */
  readonly latencyCutMin: number;
  /** Fall of the latency's logarithm that shows that lowering the limit helped. */
  readonly latencyGain: number;
  /** Fall of the bad share, in standard errors, that shows the same. */
  readonly shareGainZ: number;
  /** Calls without trouble or its absence shown, after which their share of faults is believed usual. */
  readonly doubtCount: number;
  /** Distance of trouble from the believed share of faults: at its edge chance would reach it at times. */
  readonly backgroundMargin: number;
  /** Calls over which the believed share is forgotten. */
  readonly backgroundMemory: number;
  /** Largest share of faults that is believed to be usual. */
  readonly backgroundMax: number;
  /** Paces between steps up if one has brought a relapse; doubled for each further relapse. */
  readonly recoverPaces: number;
  /** Most paces between steps up in such a recovery. */
  readonly recoverMaxPaces: number;
  /** A step up, as a share of the limit; doubled after each success. */
  readonly growth: number;
  /** Log-likelihood ratio at which a step up has not paid. */
  readonly priceAt: number;
  /** Log-likelihood ratio, with its sign changed, at which a step up has paid. */
  readonly paidAt: number;
  /** Paces for which a level that was too much is not tried again, at first; doubled each time. */
  readonly ceilingPaces: number;
  /** Most of those paces for a ceiling that shows by longer calls. */
  readonly ceilingMaxPaces: number;
  /** Most of those paces for a ceiling that shows by refusals: trying it costs a handful of calls. */
  readonly refusalCeilingMaxPaces: number;
  /** Least share of the limit that a refusal with a hold leaves. */
  readonly heldCutMin: number;
  /** Holds for which a level that brought one is not tried again, at first: trying costs a twentieth of the time. */
  readonly heldCeilingHolds: number;
  /** Most of those holds. */
  readonly heldCeilingMaxHolds: number;
  /**
   * The same for a level that may have brought a trip: times as long as that stopped everything. Fewer, because it is less
   * sure that the level is to blame.
   */
  readonly trippedCeilingHolds: number;
  /** Most of those times. */
  readonly trippedCeilingMaxHolds: number;
  /** Holds that must pass, at least, for each that a step towards such a level is expected to bring. */
  readonly heldStepHolds: number;
  /**
   * Largest share of rejections that may be the records' own: a provider may have forgotten nine in ten of a backlog.
   */
  readonly usualRejectedShare: number;
  /** Least share of rejections at which it is not the records: with `badAt` that is eighty in a row. */
  readonly allRejectedShare: number;
  /** Weight of evidence at which an outage counts as plainly seen: that many faults without a success. */
  readonly tripAt: number;
  /** Part of that weight that a success takes off. */
  readonly tripRelief: number;
  /** Paces after a raise in which a level that its own load breaks has shown it. */
  readonly trialPaces: number;
  /** Share of bad calls that trips at limit 1. */
  readonly floorBadShare: number;
  /** Paces until the first probe; doubled for each relapse. */
  readonly firstProbePaces: number;
  /** Paces from one probe to the next; doubled for each relapse. */
  readonly probePaces: number;
  /** Most paces until a probe. */
  readonly openMaxPaces: number;
  /** Faults of doubtful records that make a failed probe together. */
  readonly doubtfulProbes: number;
  /** Paces until the next try after one that our own side could not begin; half as much again after each. */
  readonly environmentPaces: number;
  /** Failed probes at which the valve is shut. */
  readonly valveProbes: number;
  /** The same if the last trip is recent: turning the valve would cost more than the outages. */
  readonly flappingValveProbes: number;
  /** Paces for which a trip is recent. */
  readonly flappingPaces: number;
  /** Paces without a trip after which relapses are forgotten. */
  readonly relapseMemoryPaces: number;
  /** The limit after a successful probe. */
  readonly restartLimit: number;
  /** Factor of the limit, while it is below `rampTo`, after each good generation of calls. */
  readonly rampFactor: number;
  /** Share of its permits out from which the limit counts as used. */
  readonly usedShare: number;
}

/** The numbers that production runs with. */
export const SLUICE_TUNING: SluiceTuning = {
  settlingMeans: 3,
  usualFaultShare: 0.02,
  faultShareRise: 0.15,
  usualSlowShare: 0.1,
  slowShareRise: 0.3,
  badAt: 8,
  goodAt: -3,
  usualThrottledShare: 0.02,
  throttledShareRise: 0.18,
  throttledAt: 6,
  latencyRise: Math.log(2.5),
  latencyZ: 4,
  latencyWindows: 2,
  latencyRest: 0.2,
  latencyRestZ: 2.5,
  latencyWeight: 0.05,
  cut: 0.7,
  comparedCount: 20,
  latencyCutMin: 0.3,
  latencyGain: 0.25,
  shareGainZ: 1.64,
  doubtCount: 400,
  backgroundMargin: 0.03,
  backgroundMemory: 1_000,
  backgroundMax: 0.5,
  recoverPaces: 3.75,
  recoverMaxPaces: 15,
  growth: 0.1,
  priceAt: 3,
  paidAt: 4,
  ceilingPaces: 3,
  ceilingMaxPaces: 30,
  refusalCeilingMaxPaces: 6,
  heldCutMin: 0.5,
  heldCeilingHolds: 20,
  heldCeilingMaxHolds: 40,
  trippedCeilingHolds: 10,
  trippedCeilingMaxHolds: 20,
  heldStepHolds: 10,
  usualRejectedShare: 0.9,
  allRejectedShare: 0.995,
  tripAt: 10,
  tripRelief: 2.5,
  trialPaces: 1.5,
  floorBadShare: 0.3,
  firstProbePaces: 1.5,
  probePaces: 4,
  openMaxPaces: 15,
  doubtfulProbes: 3,
  environmentPaces: 3,
  valveProbes: 1,
  flappingValveProbes: 6,
  flappingPaces: 30,
  relapseMemoryPaces: 90,
  restartLimit: 1,
  rampFactor: 2,
  usedShare: 0.7,
};
