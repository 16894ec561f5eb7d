import type { JsonValue } from "../protocol/index.cjs";
import type { OutputOf, Schema, Validated } from "./schema.cjs";
export interface PrepareOutputOptions {
    /** Refuse a schema that the strict mode of endpoints would refuse. Default true. */
    readonly strict?: boolean | undefined;
    /** Time limit for validating an answer, in milliseconds. Default 2,000. */
    readonly limitMs?: number | undefined;
}
export interface PreparedOutput<Output> {
    /** For `outputSchema` of `turn/start`. */
    readonly jsonSchema: JsonValue;
    /** Parses and validates the model's text. Rejects only if the schema itself fails. */
    parse(text: string): Promise<Validated<Output>>;
}
/**
 * Prepares a schema for a turn. A plain JSON Schema is sent unchanged.
 *
 * @throws {TypeError} it is neither a JSON Schema object nor a Standard Schema.
 * @throws {InvalidSchemaError} it can't be converted to JSON Schema, or strict mode would refuse
 *   it.
 */
export declare function prepareOutput<S extends Schema>(schema: S, options?: PrepareOutputOptions): PreparedOutput<OutputOf<S>>;
//# sourceMappingURL=output-schema.d.ts.map