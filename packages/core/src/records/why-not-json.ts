/** Deepest nesting of a value: every parser on its way takes far more. */
const LEVELS_MAX = 500;

/** A part of a value that is not what a reader of the value's JSON would get. */
interface Flaw {
  /** Keys on the way to the part. */
  readonly path: readonly string[];
  readonly problem: string;
}

const TOO_DEEP: Flaw = { path: [], problem: `nested more than ${LEVELS_MAX} levels deep` };

/**
 * The reason why a reader of a value's JSON would get something else, with the value called `name`; undefined if it is
 * the same. JSON drops, replaces or converts in silence what it has no notation for. That it has only one zero is no
 * reason: the two are equal.
 */
export function whyNotJson(name: string, value: unknown): string | undefined {
  const flaw = flawIn(value, 0);
  return flaw && `${[name, ...flaw.path].join(".")} is ${flaw.problem}`;
}

function flawIn(value: unknown, level: number): Flaw | undefined {
  if (typeof value === "object" && value !== null) return flawInObject(value, level);
  return changing(unlikePrimitive(value));
}

function flawInObject(value: object, level: number): Flaw | undefined {
  // An object that holds itself ends here, too.
  if (level >= LEVELS_MAX) return TOO_DEEP;
  const own = changing(Array.isArray(value) ? unlikeArray(value) : unlikeObject(value));
  if (own !== undefined) return own;
  for (const [key, part] of Object.entries(value)) {
    const flaw = flawIn(part, level + 1);
    if (flaw !== undefined) return flaw === TOO_DEEP ? flaw : { ...flaw, path: [key, ...flaw.path] };
  }
  return undefined;
}

function changing(what: string | undefined): Flaw | undefined {
  return what === undefined ? undefined : { path: [], problem: `${what}, which JSON would change` };
}

function unlikePrimitive(value: unknown): string | undefined {
  switch (typeof value) {
    case "number":
      return Number.isFinite(value) ? undefined : String(value);
    case "undefined":
      return "undefined";
    case "bigint":
    case "function":
    case "symbol":
      return `a ${typeof value}`;
    default:
      return undefined;
  }
}

function unlikeArray(value: readonly unknown[]): string | undefined {
  return Object.keys(value).length === value.length ? undefined : "an array with holes or names";
}

function unlikeObject(value: object): string | undefined {
  const prototype: object | null = Object.getPrototypeOf(value);
  // Plain objects of another realm, such as a test runner's, are as plain: above their prototype is nothing.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) return instanceOf(prototype);
  if (Object.getOwnPropertySymbols(value).length > 0) return "an object with symbols for keys";
  return "toJSON" in value && typeof value.toJSON === "function" ? "an object with toJSON" : undefined;
}

function instanceOf(prototype: object): string {
  const { name } = prototype.constructor;
  if (name === "Object") return "an object with a prototype";
  return `${/^[AEIO]/.test(name) ? "an" : "a"} ${name}`;
}
