/**
 * The files that this code can be in, best first. A bundler may leave `import.meta.url` undefined,
 * or write the path of the machine that bundled into it; then the file of the bundle, or the
 * program's main script, is where the packages of a deployed program are found.
 */
export function ownModules(): string[] {
  const { url } = import.meta;
  const file = typeof __filename === "string" ? __filename : undefined;
  const main = process.mainModule?.filename;
  const modules = [url, file, main].filter((module) => module !== undefined);
  return [...new Set(modules.map(onDisk))];
}

/** The files of an executable that `bun build --compile` made are virtual: what counts is where it is. */
function onDisk(module: string): string {
  return /^(file:\/\/\/)?(\/?\$bunfs|B:[\\/]~BUN)[\\/]/.test(module) ? process.execPath : module;
}
