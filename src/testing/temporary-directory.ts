import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

export interface TemporaryDirectory extends AsyncDisposable {
  readonly path: string;
}

/** Creates an empty directory; disposing of it removes it with its contents. */
export async function temporaryDirectory(prefix: string): Promise<TemporaryDirectory> {
  const directory = await mkdtemp(path.join(tmpdir(), prefix));
  return {
    path: directory,
    // An exiting server may still write here, so the removal is retried.
    [Symbol.asyncDispose]: () =>
      rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }),
  };
}
