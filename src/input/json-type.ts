export const TYPES = ["string", "number", "integer", "boolean", "object", "array", "null"] as const;
/** A type, as named in JSON Schema. */
export type TypeName = (typeof TYPES)[number];

export function isOfType(name: TypeName, value: unknown): boolean {
  switch (name) {
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    case "integer":
      return Number.isInteger(value);
    default:
      return typeof value === name;
  }
}
