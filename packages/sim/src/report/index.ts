export { htmlReport } from "./html-report.ts";
export {
  type Color,
  type Painter,
  painterFor,
  type TerminalStyle,
  terminalStyleOf,
} from "./terminal-style.ts";
export { textChart } from "./text-chart.ts";
export type { ShutSpan, Trace, TraceEvent as TraceDecision, TraceSample, WeatherSpan } from "./trace.ts";
