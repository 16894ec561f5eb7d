import type { Blobs } from "../../src/fleet/index.ts";

/** Blobs in memory, shared by all stores with the same map. */
export function memoryBlobs(all: Map<string, Buffer> = new Map()): Blobs {
  return {
    list: async (folder) =>
      [...all.keys()]
        .filter((key) => key.startsWith(`${folder}/`))
        .map((key) => key.slice(folder.length + 1)),
    read: async (folder, name) => all.get(`${folder}/${name}`),
    write: async (folder, name, bytes) => void all.set(`${folder}/${name}`, bytes),
    remove: async (folder, names) => {
      for (const name of names) all.delete(`${folder}/${name}`);
    },
  };
}
