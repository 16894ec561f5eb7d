/** An `import` of these also loads what they export lazily, such as all of Node's streams: 3 to 4 ms. */
const LARGE = /^import \{([^}]+)\} from "node:(fs|fs\/promises|util|buffer|os)";$/gm;

/** Gets Node's modules with lazy exports without loading those. */
export const builtinImports = {
  name: "builtin-imports",
  renderChunk(code) {
    const changed = code.replace(LARGE, (_line, list, module) => {
      const names = list.split(",").map((name) => name.trim().split(" as "));
      const get = `process.getBuiltinModule("node:${module}")`;
      if (module === "fs/promises") return names.map((name) => lazyFunction(name, get)).join(" ");
      return `const { ${names.map((name) => name.join(": ")).join(", ")} } = ${get};`;
    });
    // Every line stays where it was.
    return { code: changed, map: null };
  },
};

/** The module is loaded at the first call, which saves another millisecond. All its exports in use are functions. */
function lazyFunction([name, local = name], get) {
  return `const ${local} = (...args) => ${get}.${name}(...args);`;
}
