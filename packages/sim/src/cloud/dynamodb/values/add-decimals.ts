import { invalid, UnsupportedRequest } from "../errors.ts";

/** Most decimals of the sums that the stores keep. */
const USUAL_SCALE = 1e6;
/** Up to here a decimal and its double determine one another, at the usual scale too. */
const DISTINCT_MAX = 1e15;
/** Most significant digits that DynamoDB keeps of a number. */
const DIGITS_MAX = 38;
/** So many significant digits survive a double, whatever they are (IEEE 754, binary64). */
const DOUBLE_DIGITS = 15;

/**
 * The sum of two numbers as DynamoDB adds, in decimals: 0.1 and 0.2 are 0.3.
 * @throws UnsupportedRequest for a sum that the SDK would not read as a number, and for one with more digits than
 *   a double keeps: DynamoDB would go on with all of them, so a later condition could see another number
 */
export function addDecimals(one: number, other: number): number {
  const sum = sumOf(one, other);
  if (Math.abs(sum) > Number.MAX_SAFE_INTEGER) throw new UnsupportedRequest(`the sum ${sum}`);
  return sum;
}

function sumOf(one: number, other: number): number {
  if (Number.isInteger(one) && Number.isInteger(other)) return one + other;
  const [scaled, scaledOther] = [Math.round(one * USUAL_SCALE), Math.round(other * USUAL_SCALE)];
  const isUsual = scaled / USUAL_SCALE === one && scaledOther / USUAL_SCALE === other;
  const isDistinct = Math.abs(scaled) <= DISTINCT_MAX && Math.abs(scaledOther) <= DISTINCT_MAX;
  return isUsual && isDistinct ? (scaled + scaledOther) / USUAL_SCALE : sumOfDecimals(one, other);
}

function sumOfDecimals(one: number, other: number): number {
  const [a, b] = [decimalOf(one), decimalOf(other)];
  const scale = Math.max(a.scale, b.scale);
  const digits = a.digits * 10n ** BigInt(scale - a.scale) + b.digits * 10n ** BigInt(scale - b.scale);
  const significant = String(digits).replace(/^-|0+$/g, "");
  if (significant.length > DIGITS_MAX) {
    throw invalid("Attempting to store more than 38 significant digits in a Number");
  }
  if (significant.length > DOUBLE_DIGITS) throw new UnsupportedRequest(`the sum of ${one} and ${other}`);
  return Number(`${digits}e-${scale}`);
}

/** A number as `digits` / 10^`scale`. */
function decimalOf(value: number): { readonly digits: bigint; readonly scale: number } {
  const [mantissa = "0", exponent = "0"] = String(value).split("e");
  const [whole = "0", fraction = ""] = mantissa.split(".");
  const scale = fraction.length - Number(exponent);
  const digits = BigInt(whole + fraction);
  return scale >= 0 ? { digits, scale } : { digits: digits * 10n ** BigInt(-scale), scale: 0 };
}
