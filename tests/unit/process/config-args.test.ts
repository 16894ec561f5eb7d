import fc from "fast-check";
import { parse } from "smol-toml";
import { describe, expect, test } from "vitest";
import { configArgs } from "../../../src/process/config-args.ts";
import { type ConfigTable, type ConfigValue, tomlValue } from "../../../src/process/toml.ts";

const settings = (config: ConfigTable) => configArgs(config).filter((arg) => arg !== "--config");

describe("configArgs", () => {
  test("flattens nested objects to dotted keys", () => {
    expect(configArgs({ model: "o3", features: { a: true, b: { c: 1 } } })).toEqual([
      "--config",
      'model="o3"',
      "--config",
      "features.a=true",
      "--config",
      "features.b.c=1",
    ]);
  });

  test.each<[ConfigValue, string]>([
    [
      'a "b" \\ \n\t\r\b\f\u0000\u001f\u007f\u0085é☃😀',
      String.raw`"a \"b\" \\ \n\t\r\b\f\u0000\u001f\u007f\u0085é☃😀"`,
    ],
    [0, "0"],
    [-0, "-0.0"],
    [1.5, "1.5"],
    [1e-7, "1e-7"],
    [1e20, "1e+20"],
    [2 ** 63, "9.223372036854776e+18"],
    [9007199254740991, "9007199254740991"],
    [9223372036854775807n, "9223372036854775807"],
    [Number.POSITIVE_INFINITY, "inf"],
    [Number.NEGATIVE_INFINITY, "-inf"],
    [Number.NaN, "nan"],
    [new Date(Date.UTC(1979, 4, 27, 7, 32)), "1979-05-27T07:32:00.000Z"],
    [[], "[]"],
    [["a", 1, { b: [true] }], '["a", 1, {b = [true]}]'],
    [{}, "{}"],
  ])("writes $1", (value, toml) => {
    expect(settings({ key: value })).toEqual([`key=${toml}`]);
  });

  test("omits undefined", () => {
    expect(settings({ a: undefined, b: { c: undefined, d: 1 }, e: [{ f: undefined }] })).toEqual([
      "e=[{}]",
      "b.d=1",
    ]);
    expect(configArgs({})).toEqual([]);
  });

  test("passes a table with an unusual key as a whole", () => {
    expect(settings({ p: { x: { "a.b": { c: 1 }, 'q"': 2 }, y: 3 }, z: { "": 4 } })).toEqual([
      'z={"" = 4}',
      'p.x={"a.b" = {c = 1}, "q\\"" = 2}',
      "p.y=3",
    ]);
  });

  test("accepts dotted paths at the outermost level, and passes shorter ones first", () => {
    expect(settings({ "a.b": 1, a: { "x.y": 2 } })).toEqual(['a={"x.y" = 2}', "a.b=1"]);
  });

  const cycle: Record<string, unknown> = {};
  cycle.self = { cycle };
  const list: unknown[] = [];
  list.push(list);
  test.each<[string, unknown, string | RegExp]>([
    ["null", { a: { b: null } }, "config a.b is null"],
    ["a function", { a: () => 1 }, "config a is a function"],
    ["a symbol", { a: [Symbol("s")] }, "config a[0] is a symbol"],
    ["a hole", { a: [1, undefined] }, "config a[1] is undefined"],
    ["a cycle", { a: cycle }, /^config a\.self\.cycle.* contains itself/],
    ["a cycle in a list", { a: list }, "config a[0] contains itself"],
    ["a class instance", { a: { "x.y": new Map() } }, "config a.x.y is a Map"],
    ["an invalid date", { a: new Date(Number.NaN) }, "config a isn't a date"],
    ["a far date", { a: new Date(8.64e15) }, "config a isn't a date"],
    ["a huge bigint", { a: 2n ** 63n }, "config a is an integer of more than 64 bits"],
    ["half a surrogate pair", { a: "\ud800" }, "config a contains a lone surrogate"],
    [
      "an unusual outermost key",
      { 'a."b"': 1 },
      String.raw`config key "a.\"b\"" isn't a dotted path`,
    ],
    ["an empty path segment", { "a..b": 1 }, `config key "a..b" isn't a dotted path`],
  ])("refuses %s", (_what, config, message) => {
    const given = config as ConfigTable;
    expect(() => configArgs(given)).toThrow(TypeError);
    expect(() => configArgs(given)).toThrow(message);
  });

  test("allows the same object twice", () => {
    const shared = { n: 1 };
    expect(settings({ a: shared, b: [shared, shared] })).toEqual(["b=[{n = 1}, {n = 1}]", "a.n=1"]);
  });
});

const value: fc.Arbitrary<ConfigValue> = fc.letrec<{ value: ConfigValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.string({ unit: "binary" }),
    fc.boolean(),
    fc.integer(),
    fc.double(),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(
      fc.string({ unit: "binary" }).filter((key) => key !== "__proto__"),
      tie("value"),
      { maxKeys: 4 },
    ),
  ),
})).value;

test("a TOML parser reads back every value that is written", () => {
  fc.assert(
    fc.property(value, (original) => {
      const read = parse(`key = ${tomlValue(original, "key")}`, { integersAsBigInt: "asNeeded" });
      expect(plain(read.key)).toEqual(plain(original));
    }),
    // The shortest text of this number ends in different digits than the number.
    { examples: [[Number(-72_517_730_748_427_456n)]] },
  );
});

/** Removes differences in form: prototypes, and the types of whole numbers. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (typeof value === "number") {
    const is64Bits = Number.isInteger(value) && Math.abs(value) < 2 ** 63;
    return is64Bits && !Number.isSafeInteger(value) ? BigInt(value) : value;
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}
