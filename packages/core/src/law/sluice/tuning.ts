/**
 * The numbers of the law. Each stands where the lab showed it to be worth its place; setting one to an extreme switches
 * its part off, which is how the lab shows what the part is worth.
 */
export interface SluiceTuning {
  /** Mean latencies until the calls that end are a fair sample. */
  readonly settlingMeans: number;
  /** Share of faults that any provider may have without being in trouble. */
  readonly usualFaultShare: number;
  /** Trouble is a share of faults this much above the usual one. */
  readonly faultShareRise: number;
  /** The same for slow calls: the usual share is learned, it is at least this. */
  readonly usualSlowShare: number;
  readonly slowShareRise: number;
  /** Log-likelihood ratio at which trouble counts as shown (Wald): e^-7, one in a thousand by chance. */
  readonly badAt: number;
  /** Log-likelihood ratio at which all counts as well: e^-3, one in twenty by chance. */
  readonly goodAt: number;
  /** The same for throttled calls: they need no proof that the limit is to blame, so a few are enough. */
  readonly usualThrottledShare: number;
  readonly throttledShareRise: number;
  readonly throttledAt: number;
  /** A rise of the mean logarithm of the latency that is trouble: ln 2.5 is two and a half times as long. */
  readonly latencyRise: number;
  /** How many standard errors a rise must be. */
  readonly latencyZ: number;
  /** Windows in a row that must show it. */
  readonly latencyWindows: number;
  /** While trouble lasts, this rise is still some, at so many standard errors. */
  readonly latencyRest: number;
  readonly latencyRestZ: number;
  /** Weight of a window in the usual latency. */
  readonly latencyWeight: number;
  /** What a cut leaves of the limit. */
  readonly cut: number;
  /** Calls that a comparison of two limits needs at each. */
  readonly comparedCount: number;
  /** A cut that longer calls ask for: no more and no less than this. */
  readonly latencyCutMin: number;
  /** Lowering helped if the latency's logarithm fell by this, or the bad share by this many standard errors. */
  readonly latencyGain: number;
  readonly shareGainZ: number;
  /** After so many calls that showed neither trouble nor its absence, their share of faults is believed to be usual. */
  readonly doubtCount: number;
  /** Trouble is counted from so much above what is believed: at its very edge chance alone would reach it at times. */
  readonly backgroundMargin: number;
  /** What is believed of it is forgotten over so many calls. */
  readonly backgroundMemory: number;
  /** A background share of faults is believed up to this. */
  readonly backgroundMax: number;
  /** Where a step up has brought a relapse, the next ones wait so many paces, doubled for each further one, … */
  readonly recoverPaces: number;
  /** … up to so many. */
  readonly recoverMaxPaces: number;
  /** A step up, as a share of the limit; doubled after each success. */
  readonly growth: number;
  /** Log-likelihood ratio at which a step up has not paid, and at which it has. */
  readonly priceAt: number;
  readonly paidAt: number;
  /** The same at which a limit that rests turns out to be one too much. */
  readonly creepAt: number;
  /** How many paces a level that was too much is not tried again, at first and at most; doubled each time. */
  readonly ceilingPaces: number;
  readonly ceilingMaxPaces: number;
  /** The most for a ceiling that shows by refusals: trying it costs a handful of calls. */
  readonly refusalCeilingMaxPaces: number;
  /** Weight of evidence at which an outage counts as plainly seen: that many faults without a success. */
  readonly tripAt: number;
  /** What a success takes off that weight. */
  readonly tripRelief: number;
  /** A timeout weighs a further fault for each of these: waiting for more of them costs as much as a false alarm. */
  readonly timeoutWeightMs: number;
  /** At limit 1, this share of bad calls trips. */
  readonly floorBadShare: number;
  /** Paces until the first probe, and from one probe to the next; doubled for each relapse, up to the maximum. */
  readonly firstProbePaces: number;
  readonly probePaces: number;
  readonly openMaxPaces: number;
  /** The valve is shut when so many probes have failed, … */
  readonly valveProbes: number;
  /** … and so many where the last trip is less than these paces ago: turning it would cost more than the outages. */
  readonly flappingValveProbes: number;
  readonly flappingPaces: number;
  /** Relapses are forgotten after so many paces without a trip. */
  readonly relapseMemoryPaces: number;
  /** The limit after a successful probe. */
  readonly restartLimit: number;
  /** While below its target the limit is multiplied by this after each good generation of calls. */
  readonly rampFactor: number;
  /** The limit counts as used when this share of its permits is out. */
  readonly usedShare: number;
}

/** What production runs with. */
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
  creepAt: 3,
  ceilingPaces: 3,
  ceilingMaxPaces: 30,
  refusalCeilingMaxPaces: 6,
  tripAt: 10,
  tripRelief: 2.5,
  timeoutWeightMs: 7_500,
  floorBadShare: 0.3,
  firstProbePaces: 1.5,
  probePaces: 4,
  openMaxPaces: 15,
  valveProbes: 1,
  flappingValveProbes: 6,
  flappingPaces: 30,
  relapseMemoryPaces: 90,
  restartLimit: 1,
  rampFactor: 2,
  usedShare: 0.7,
};
