import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

const RELATIVE = /(?<=\b(?:from |import )"|\bimport\(")(\.\.?\/[^"]*)\.ts(?=")/g;

/** Modules whose source isn't published, because it is the same as the declarations. */
const TYPES_ONLY = /protocol\/generated\/(types|methods)$/;

/** The largest module: ES modules use its declarations for CommonJS. */
const SHARED = /protocol\/generated\/types$/;

/**
 * Writes a copy of the declarations for CommonJS, and removes those that no entry point imports,
 * directly or indirectly.
 */
export function finishDeclarations(dist, entries) {
  const used = modulesOf(dist, entries);
  const required = modulesOf(
    dist,
    entries.filter(({ commonJs }) => commonJs),
  );
  for (const module of used) {
    const text = declarationsOf(module);
    if (required.has(module)) {
      writeFileSync(`${module}.d.cts`, text.replace(RELATIVE, "$1.cjs"));
    }
    if (SHARED.test(module)) rmSync(`${module}.d.ts`);
    else writeFileSync(`${module}.d.ts`, forEsModules(module, text));
  }
  for (const file of readdirSync(dist, { recursive: true })) {
    const path = join(dist, file);
    const module = path.replace(/\.d\.ts(\.map)?$/, "");
    if (module !== path && !used.has(module)) rmSync(path);
  }
}

function forEsModules(module, text) {
  return text.replace(RELATIVE, (_match, imported) => {
    const isShared = SHARED.test(join(dirname(module), imported));
    return `${imported}.${isShared ? "cjs" : "js"}`;
  });
}

/** The declarations of a module; without their map if it has no published source. */
function declarationsOf(module) {
  const text = readFileSync(`${module}.d.ts`, "utf8");
  if (!TYPES_ONLY.test(module)) return text;
  rmSync(`${module}.d.ts.map`);
  return text.replace(/\/\/# sourceMappingURL=.*\s*$/, "");
}

/**
 * Writes what `require()` loads: a file that requires the ES module, so that a program has one copy
 * of the package however it loads it.
 */
export function writeCommonJs(dist, entries) {
  for (const { module } of entries.filter(({ commonJs }) => commonJs)) {
    const code = `"use strict";\nmodule.exports = require("./${basename(module)}.js");\n`;
    writeFileSync(join(dist, `${module}.cjs`), code);
  }
}

/** The paths, without extension, of the modules whose declarations the entry points need. */
function modulesOf(dist, entries) {
  const found = new Set(entries.map(({ module }) => join(dist, module)));
  for (const module of found) {
    const text = readFileSync(`${module}.d.ts`, "utf8");
    for (const [, imported] of text.matchAll(RELATIVE)) found.add(join(dirname(module), imported));
  }
  return found;
}
