import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

export interface TemporaryDirectory extends AsyncDisposable {
  readonly path: string;
}

/** Makes an empty directory, which is removed with all that is in it when it is disposed. */
export async function temporaryDirectory(prefix: string): Promise<TemporaryDirectory> {
  const directory = await mkdtemp(path.join(tmpdir(), prefix));
  return {
    path: directory,
    // A dying server may still write here: then removing it fails, and is tried again.
    [Symbol.asyncDispose]: () =>
      rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }),
  };
}
