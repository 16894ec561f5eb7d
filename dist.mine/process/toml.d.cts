/** The value of a Codex setting; a `Date` becomes a TOML date-time, undefined is omitted. */
export type ConfigValue = string | number | bigint | boolean | Date | readonly ConfigValue[] | {
    readonly [key: string]: ConfigValue | undefined;
};
export type ConfigTable = Readonly<Record<string, ConfigValue | undefined>>;
/**
 * The value as one line of TOML. `path` names it in errors.
 *
 * @throws TypeError for values that TOML can't represent: null, functions, symbols, class
 *   instances, cycles, holes in arrays, invalid dates, lone surrogates, integers of more than 64
 *   bits.
 */
export declare function tomlValue(value: unknown, path: string): string;
/**
 * The table as a file: its plain values first, then the tables in it.
 * @throws TypeError as `tomlValue`.
 */
export declare function tomlFile(table: ConfigTable, path?: readonly string[]): string;
export declare function isBareKey(key: string): boolean;
/** An object that stands for a table: a literal, or one without a prototype, of any realm. */
export declare function isTable(value: unknown): value is ConfigTable;
//# sourceMappingURL=toml.d.ts.map