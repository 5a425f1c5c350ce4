/** The minutes of a series, oldest first; undefined where there is no point. */
export type Points = readonly (number | undefined)[];

/** What CloudWatch does where its documentation says nothing. Whatever rests on it has to hold for both. */
export interface MathOptions {
  /** What FILL makes of a series that has no point at all. */
  readonly emptyFill: "filled" | "empty";
}

/**
 * Works out an expression of CloudWatch's metric math, as far as Sluice uses it, over series of the same minutes.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 * @throws SyntaxError for anything else, a result that is no series included
 */
export function evaluateMath(
  expression: string,
  series: Readonly<Record<string, Points>>,
  options: MathOptions,
): Points {
  const tokens = tokensOf(expression);
  const parser = { tokens, at: 0, series, options };
  const value = parseOperation(parser, 0);
  if (parser.at < tokens.length) throw new SyntaxError(`more than an expression: ${expression}`);
  if (typeof value === "number" || isArray(value)) throw new SyntaxError(`no series: ${expression}`);
  return value;
}

/** The tokens of expressions: alarms evaluate the same few each minute. */
const read = new Map<string, readonly string[]>();

function tokensOf(expression: string): readonly string[] {
  const known = read.get(expression);
  if (known !== undefined) return known;
  const tokens = expression.match(TOKEN) ?? [];
  if (tokens.join("") !== expression.replaceAll(/\s/g, ""))
    throw new SyntaxError(`unreadable: ${expression}`);
  read.set(expression, tokens);
  return tokens;
}

type Value = number | Points | readonly Points[];
type Argument = Value | "REPEAT" | undefined;

interface Parser {
  readonly tokens: readonly string[];
  at: number;
  readonly series: Readonly<Record<string, Points>>;
  readonly options: MathOptions;
}

const TOKEN = /[a-z]\w*|[A-Z_]+|\d+(?:\.\d+)?|==|!=|<=|>=|[-<>+*/()[\],]/g;

type Operator = (left: number, right: number) => number;

/** The binary operators, the loosest first. */
const OPERATORS: readonly Readonly<Record<string, Operator>>[] = [
  { OR: (left, right) => Number(left !== 0 || right !== 0) },
  { AND: (left, right) => Number(left !== 0 && right !== 0) },
  {
    "==": (left, right) => Number(left === right),
    "!=": (left, right) => Number(left !== right),
    "<=": (left, right) => Number(left <= right),
    ">=": (left, right) => Number(left >= right),
    "<": (left, right) => Number(left < right),
    ">": (left, right) => Number(left > right),
  },
  { "+": (left, right) => left + right, "-": (left, right) => left - right },
  { "*": (left, right) => left * right },
];

function parseOperation(parser: Parser, level: number): Value {
  const operators = OPERATORS[level];
  if (operators === undefined) return parsePrimary(parser);
  let left = parseOperation(parser, level + 1);
  for (;;) {
    const operator = operators[parser.tokens[parser.at] ?? ""];
    if (operator === undefined) return left;
    parser.at += 1;
    left = combine(left, parseOperation(parser, level + 1), operator);
  }
}

function parsePrimary(parser: Parser): Value {
  const token = take(parser);
  if (/^\d/.test(token)) return Number(token);
  if (/^[a-z]/.test(token)) {
    const found = parser.series[token];
    if (found === undefined) throw new SyntaxError(`no such series: ${token}`);
    return found;
  }
  if (token === "(") return closed(parser, parseOperation(parser, 0), ")");
  if (token === "[") return listOf(parser, "]").map(seriesOf);
  expectToken(parser, "(");
  const [first, second, third] = listOf(parser, ")");
  if (token === "IF") return choose(given(first), given(second), third);
  if (token === "FILL") return fill(seriesOf(first), second, parser.options);
  if (token === "SUM")
    return aggregate(given(first), (values) => values.reduce((sum, each) => sum + each, 0));
  if (token === "MAX") return aggregate(given(first), (values) => Math.max(...values));
  throw new SyntaxError(`no such function: ${token}`);
}

function listOf(parser: Parser, end: string): Argument[] {
  const found: Argument[] = [];
  do {
    if (parser.tokens[parser.at] === "REPEAT") found.push(take(parser) as "REPEAT");
    else found.push(parseOperation(parser, 0));
  } while (parser.tokens[parser.at] === "," && take(parser));
  expectToken(parser, end);
  return found;
}

function closed<T>(parser: Parser, value: T, end: string): T {
  expectToken(parser, end);
  return value;
}

function expectToken(parser: Parser, wanted: string): void {
  const token = take(parser);
  if (token !== wanted) throw new SyntaxError(`${wanted} expected, not ${token}`);
}

function take(parser: Parser): string {
  const token = parser.tokens[parser.at] ?? "";
  parser.at += 1;
  return token;
}

/** Of two series, a point that only one of them has counts as zero in the other. */
function combine(left: Value, right: Value, operator: Operator): Value {
  if (isArray(left) || isArray(right)) throw new SyntaxError("no operators on arrays");
  if (typeof left === "number") {
    return typeof right === "number" ? operator(left, right) : each(right, (value) => operator(left, value));
  }
  if (typeof right === "number") return each(left, (value) => operator(value, right));
  return left.map((value, index) => {
    const other = right[index];
    return value === undefined && other === undefined ? undefined : operator(value ?? 0, other ?? 0);
  });
}

/** Where the condition has no point there is none; a true one without a point is zero, a false one has none. */
function choose(condition: Value, yes: Value, no: Argument): Points {
  if (isArray(condition)) throw new SyntaxError("a condition is no array");
  const atMinute = (value: Argument, index: number) =>
    typeof value === "number" ? value : value === undefined ? undefined : seriesOf(value)[index];
  const length = [condition, yes, no].find((value) => Array.isArray(value))?.length ?? 0;
  const minutes = typeof condition === "number" ? Array.from({ length }, () => condition) : condition;
  return minutes.map((value, index) => {
    if (value === undefined) return undefined;
    if (value === 0) return atMinute(no, index);
    return atMinute(yes, index) ?? (typeof condition === "number" ? undefined : 0);
  });
}

function fill(points: Points, filler: Argument, { emptyFill }: MathOptions): Points {
  if (typeof filler !== "number" && filler !== "REPEAT")
    throw new SyntaxError("a filler is a number or REPEAT");
  if (emptyFill === "empty" && points.every((point) => point === undefined)) return points;
  let last: number | undefined;
  return points.map((point) => {
    last = point ?? last;
    return point ?? (filler === "REPEAT" ? last : filler);
  });
}

/** Of one series a number, over all its points; of an array a series, whose points any of them has. */
function aggregate(value: Value, over: (values: readonly number[]) => number): Value {
  if (typeof value === "number") throw new SyntaxError("a number has no sum");
  if (!isArray(value)) return over(value.filter((point) => point !== undefined));
  return (value[0] ?? []).map((_, index) => {
    const found = value.map((points) => points[index]).filter((point) => point !== undefined);
    return found.length === 0 ? undefined : over(found);
  });
}

function each(points: Points, change: (value: number) => number): Points {
  return points.map((point) => (point === undefined ? undefined : change(point)));
}

function isArray(value: Value): value is readonly Points[] {
  return Array.isArray(value) && value.length > 0 && Array.isArray(value[0]);
}

function given(argument: Argument): Value {
  if (argument === undefined || argument === "REPEAT") throw new SyntaxError("a value expected");
  return argument;
}

function seriesOf(argument: Argument): Points {
  const value = given(argument);
  if (typeof value === "number" || isArray(value)) throw new SyntaxError("a series expected");
  return value;
}
