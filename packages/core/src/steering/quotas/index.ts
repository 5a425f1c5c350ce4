export { type DayUse, type Forecast, forecastOf } from "./forecast.ts";
export { type Pace, paceOf, startIntervalMs } from "./pace.ts";
export { type QuotaDay, quotaDayAt } from "./quota-day.ts";
export { type Quotas, type QuotasDeps, quotasPartOf } from "./quotas.ts";
