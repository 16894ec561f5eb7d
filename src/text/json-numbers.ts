const STRING_OR_NUMBER = /"|-?\d[\d.eE+-]*/g;
const END_OR_ESCAPE = /["\\]/g;

/** Whether JSON text contains a number. */
export function hasNumber(json: string): boolean {
  return numbersIn(json).next().done === false;
}

/** Whether `JSON.parse` keeps all digits of every number in this JSON text. */
export function hasExactNumbers(json: string): boolean {
  for (const number of numbersIn(json)) {
    if (!isExact(number)) return false;
  }
  return true;
}

function* numbersIn(json: string): Generator<string> {
  const next = new RegExp(STRING_OR_NUMBER);
  for (let found = next.exec(json); found !== null; found = next.exec(json)) {
    if (found[0] === '"') next.lastIndex = stringEnd(json, next.lastIndex);
    else yield found[0];
  }
}

function stringEnd(json: string, start: number): number {
  const next = new RegExp(END_OR_ESCAPE);
  next.lastIndex = start;
  for (let found = next.exec(json); found !== null; found = next.exec(json)) {
    if (found[0] === '"') return next.lastIndex;
    next.lastIndex++;
  }
  return json.length;
}

/** Numbers with no more digits than a double can keep. */
const SURELY_EXACT = /^-?(?!0\d)\d{1,15}$/;

function isExact(number: string): boolean {
  return SURELY_EXACT.test(number) || normal(number) === normal(String(Number(number)));
}

/**
 * A longer power of ten makes every number infinite or zero, and converting millions of digits would
 * take minutes.
 */
const MAX_POWER = 20;

/**
 * A canonical text for a number: its digits without zeros at either end, and their power of ten.
 */
function normal(number: string): string {
  const [, sign, whole = "", fraction = "", given = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(number) ?? [];
  if (sign === undefined) return "no number";
  const padded = (whole + fraction).replace(/^0+/, "");
  const digits = trimZeros(padded);
  if (digits === "") return "0";
  const power = given.replace(/^([+-]?)0+(?=\d)/, "$1");
  if (power.length > MAX_POWER) return "no double";
  const exponent = BigInt(power) - BigInt(fraction.length) + BigInt(padded.length - digits.length);
  return `${sign}${digits}e${exponent}`;
}

/**
 * Removes zeros at the end. A regular expression would take quadratic time for zeros between other digits.
 */
function trimZeros(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === "0") end--;
  return digits.slice(0, end);
}
