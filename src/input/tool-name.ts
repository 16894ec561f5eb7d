import { describe } from "../util/describe.ts";

/**
 * Checks the server's rules for names of tools and namespaces: for an invalid name, the server
 * would refuse to start the thread.
 *
 * @param what the kind of name, for the error: `tool name`.
 * @throws {TypeError} that says what is wrong.
 */
export function checkToolName(name: unknown, what: string, maxLength: number): void {
  if (typeof name !== "string" || !/^[a-zA-Z0-9_-]+$/.test(name)) {
    throw new TypeError(
      `${what} must consist of letters, digits, "_" and "-", got ${describe(name)}`,
    );
  }
  if (name.length > maxLength) {
    throw new TypeError(
      `${what} must have at most ${maxLength} characters, got ${name.length}: ${describe(name)}`,
    );
  }
  if (name === "mcp" || name.startsWith("mcp__")) {
    throw new TypeError(`${what} "${name}" is reserved for MCP: choose another`);
  }
}
