export { type DayUse, type Forecast, forecastOf } from "./forecast.ts";
export { type QuotaDay, quotaDayAt } from "./quota-day.ts";
export { type Quotas, type QuotasDeps, quotasPartOf } from "./quotas.ts";
export { type Spacing, spacingOf, startIntervalMs } from "./spacing.ts";
