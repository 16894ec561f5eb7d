import { isSecretName } from "../text/secret-names.ts";

/** Shorter values would match by accident. */
const SHORTEST_SECRET = 8;

/** The values of the variables whose names suggest a secret. */
export function secretValuesOf(
  ...environments: readonly (Readonly<Record<string, string | undefined>> | undefined)[]
): string[] {
  return environments.flatMap((variables = {}) =>
    Object.entries(variables).flatMap(([name, value = ""]) =>
      isSecretName(name) && value.length >= SHORTEST_SECRET ? [value] : [],
    ),
  );
}
