import { countCodePoints } from "../../util/code-points.ts";
import { FORMATS } from "./formats.ts";
import { demand, FITS, type Keywords } from "./keyword.ts";

export const NUMBER_KEYWORDS: Keywords<number> = {
  minimum: (limit: number, value) => demand(value >= limit, () => `must be at least ${limit}`),
  maximum: (limit: number, value) => demand(value <= limit, () => `must be at most ${limit}`),
  exclusiveMinimum: (limit: number, value) => {
    return demand(value > limit, () => `must be greater than ${limit}`);
  },
  exclusiveMaximum: (limit: number, value) => {
    return demand(value < limit, () => `must be less than ${limit}`);
  },
  multipleOf: (divisor: number, value) => {
    return demand(isMultiple(value, divisor), () => `must be a multiple of ${divisor}`);
  },
};

export const STRING_KEYWORDS: Keywords<string> = {
  minLength: (limit: number, value) => {
    const enough = value.length >= limit && countCodePoints(value) >= limit;
    return demand(enough, () => `must have at least ${limit} characters`);
  },
  maxLength: (limit: number, value) => {
    const few = value.length <= limit || countCodePoints(value) <= limit;
    return demand(few, () => `must have at most ${limit} characters`);
  },
  pattern: (source: string, value, _schema, scope) => {
    return demand(scope.pattern(source).test(value), () => `must match the pattern ${source}`);
  },
  format: (name: string, value) => {
    const fits = Object.hasOwn(FORMATS, name) ? FORMATS[name] : undefined;
    return fits === undefined ? FITS : demand(fits(value), () => `must be of the format ${name}`);
  },
};

/** By whole numbers: in floating point 0.3 is no multiple of 0.1. */
function isMultiple(value: number, divisor: number): boolean {
  const dividend = toDecimal(value);
  const unit = toDecimal(divisor);
  const exponent = Math.min(dividend.exponent, unit.exponent);
  const whole = ({ digits, exponent: own }: Decimal) => digits * 10n ** BigInt(own - exponent);
  return whole(dividend) % whole(unit) === 0n;
}

interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

function toDecimal(value: number): Decimal {
  const [coefficient = "", exponent = "0"] = String(value).split("e");
  const [whole = "", fraction = ""] = coefficient.split(".");
  return { digits: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length };
}
