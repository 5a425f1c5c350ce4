import { readFileSync } from "node:fs";
import { SourceMap, type SourceMapping } from "node:module";
import { dirname, resolve } from "node:path";

/** A place in a file, as stack traces have it. */
const PLACE = /(?:file:\/\/)?(\/[^\s():"]+):(\d+):(\d+)/g;

/**
 * Makes a function that makes the stack traces of a bundle readable: it replaces places in the bundle by those in the
 * sources. It reads the source map beside the bundle when it first needs it; without one, lines stay as they are. Node
 * in the function could do the same, but would read the map at every start, as it doesn't in a deployment.
 */
export function createTraceReader(bundlePath: string): (line: string) => string {
  let sourceMap: SourceMap | undefined;

  function toSource(place: string, path: string, line: string, column: string): string {
    if (path !== bundlePath) return place;
    sourceMap ??= readSourceMap(`${bundlePath}.map`);
    const found: Partial<SourceMapping> = sourceMap?.findEntry(Number(line) - 1, Number(column) - 1) ?? {};
    const { originalSource, originalLine = 0, originalColumn = 0 } = found;
    if (originalSource === undefined) return place;
    return `${resolve(dirname(bundlePath), originalSource)}:${originalLine + 1}:${originalColumn + 1}`;
  }

  return (line) => (line.includes(bundlePath) ? line.replaceAll(PLACE, toSource) : line);
}

function readSourceMap(path: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return undefined;
  }
}
