import { join } from "node:path";

/**
 * Groups the modules that are loaded together into one file each, because every file costs time:
 * what entry points without Node modules share with others, what `sync` shares with the main entry
 * point, the rest of the main entry point, and what starting a server loads in addition.
 */
export function chunkGroups(root, withoutNode) {
  let sets;
  const groupOf = (id, context) => {
    const closure = (...modules) =>
      closureOf(
        modules.map((module) => join(root, `src/${module}.ts`)),
        context,
      );
    sets ??= {
      pure: closure(...withoutNode),
      sync: closure("sync/index"),
      main: closure("index"),
      launch: closure("transport/stdio-transport"),
    };
    if (sets.main.has(id)) {
      if (sets.pure.has(id)) return "pure";
      return sets.sync.has(id) ? "common" : "main";
    }
    return sets.launch.has(id) ? "launch" : null;
  };
  return [{ name: groupOf, debugName: "loaded together", includeDependenciesRecursively: false }];
}

/** The modules, and everything that they import statically. */
function closureOf(ids, context) {
  const found = new Set(ids);
  for (const id of found) {
    for (const imported of context.getModuleInfo(id)?.importedIds ?? []) found.add(imported);
  }
  return found;
}
