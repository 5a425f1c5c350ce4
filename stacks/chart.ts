import type { MetricAddress } from "./metric-addresses.ts";
import { region, stage } from "./place.ts";

/** Choices of a chart; a mark is a line at a height. */
export interface ChartOptions {
  readonly isStacked?: boolean;
  readonly max?: number;
  readonly mark?: { readonly label: string; readonly value: number };
}

/** A chart in the form of a dashboard's body, half as wide as the page: x 0 or 12, y in sixes. */
export function chart(x: number, y: number, title: string, metrics: unknown[], options: ChartOptions = {}) {
  const { isStacked = false, max, mark } = options;
  return {
    type: "metric",
    x,
    y,
    width: 12,
    height: 6,
    properties: {
      title: `${title} (${stage.environment})`,
      view: "timeSeries",
      stacked: isStacked,
      region,
      period: 60,
      metrics,
      yAxis: { left: { min: 0, ...(max !== undefined && { max }) } },
      ...(mark && { annotations: { horizontal: [mark] } }),
    },
  };
}

/** A series in the form of a dashboard's body. */
export function line({ namespace, metricName, dimensions }: MetricAddress, stat: string, label: string) {
  return [namespace, metricName, ...Object.entries(dimensions).flat(), { stat, label }];
}
