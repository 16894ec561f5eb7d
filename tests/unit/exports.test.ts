import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const source = path.resolve(import.meta.dirname, "../../src");

/** Types that are only extended by other types. */
const PARTS = new Set(["Settings", "MessageLimit", "Optional", "WithTools"]);

const files = readdirSync(source, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !file.startsWith("protocol"))
  .map((file) => readFileSync(path.join(source, file), "utf8"));

/** The names that an entry point exports. */
function exportsOf(entry: string): string[] {
  const text = readFileSync(path.join(source, entry), "utf8");
  const listed = [...text.matchAll(/^export (?:type )?\{([^}]*)\}/gms)].flatMap(([, names = ""]) =>
    names.split(",").map((name) => name.replace(/^\s*type\s/, "").trim()),
  );
  const whole = [...text.matchAll(/^export (?:type )?\* from "([^"]+)"/gm)].flatMap(
    ([, file = ""]) => {
      const inner = readFileSync(path.join(source, path.dirname(entry), file), "utf8");
      return [...inner.matchAll(/^export (?:type|interface|class) (\w+)/gm)].map(
        ([, name = ""]) => name,
      );
    },
  );
  return [...listed, ...whole].filter((name) => name !== "");
}

/** The declaration of an interface or a type, without comments. */
function declarationOf(name: string): string {
  const declaration = new RegExp(`^(?:export )?(?:interface|type) ${name}\\b.*?(?:^\\}|;$)`, "ms");
  for (const text of files) {
    const found = declaration.exec(text)?.[0];
    if (found !== undefined) return found.replace(/\/\*.*?\*\/|\/\/.*$/gms, "");
  }
  return "";
}

/** Whether the package, and not its dependencies or the language, declares this type. */
function isOurs(name: string): boolean {
  return files.some((text) =>
    new RegExp(`^(?:export )?(?:interface|type|class) ${name}\\b`, "m").test(text),
  );
}

test.each(["index.ts", "testing/index.ts", "pool/index.ts", "fleet/index.ts"])(
  "%s exports every type that appears in the options that it exports",
  (entry) => {
    const exported = new Set([...exportsOf("index.ts"), ...exportsOf(entry)]);
    const seen = [...exportsOf(entry)].filter((name) => /(?:Options|Definition|Rules)$/.test(name));
    expect(seen.length).toBeGreaterThan(0);
    const missing = new Set<string>();
    for (const name of seen) {
      const used = declarationOf(name).match(/\b[A-Z]\w+\b/g) ?? [];
      for (const type of used.filter(isOurs)) {
        if (!exported.has(type) && !PARTS.has(type)) missing.add(`${type}, in ${name}`);
        if (PARTS.has(type) && !seen.includes(type)) seen.push(type);
      }
    }
    expect([...missing]).toEqual([]);
  },
);
