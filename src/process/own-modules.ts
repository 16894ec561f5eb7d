/**
 * The files that can contain this code, best first. A bundler may leave `import.meta.url`
 * undefined, or replace it with a path on the machine where the bundle was built; then the server of a deployed
 * program is found from the bundle or the program's main script.
 */
export function ownModules(): string[] {
  const url: string | undefined = import.meta.url;
  const modules = [url, bundleFile(), mainScript()].filter((module) => module !== undefined);
  return [...new Set(modules.map(onDisk))];
}

/**
 * The file of a CommonJS bundle. Not checked with `typeof`, which webpack would replace with the
 * result for another output format.
 */
function bundleFile(): string | undefined {
  try {
    return __filename;
  } catch {
    return undefined;
  }
}

function mainScript(): string | undefined {
  const { mainModule, versions, execArgv, argv } = process;
  if (mainModule !== undefined) return mainModule.filename;
  // This can be a file that the user opens. Someone else could place a package next to it.
  const isUserArgument =
    versions.electron !== undefined ||
    execArgv.some((flag) => /^(-[a-z]*[epi]|--(eval|print|interactive))/.test(flag));
  return isUserArgument ? undefined : argv[1];
}

/**
 * The module's file on disk: the files in an executable that `bun build --compile` made are
 * virtual, and count as the executable.
 */
function onDisk(module: string): string {
  return /^(file:\/\/\/)?(\/?\$bunfs|B:[\\/]~BUN)[\\/]/.test(module) ? process.execPath : module;
}
