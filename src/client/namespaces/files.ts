import { CodexError } from "../../errors/errors.ts";
import type { FsGetMetadataResponse, FsReadDirectoryEntry } from "../../protocol/index.ts";
import type { RequestOptions } from "../../thread/thread-server.ts";
import { checkListener } from "../../util/checks.ts";
import { bytesOf } from "../bytes.ts";
import { checkParams } from "../check-calls.ts";
import type { ParamsOf, ResultOf } from "../types.ts";
import { type NamespaceClient, splitLimits } from "./client.ts";

/** Watches a path for changes until you close it. */
export class FileWatch implements AsyncDisposable {
  /** The watched path, with links resolved. */
  readonly path: string;
  readonly #stop: () => Promise<void>;

  /**
   * Created by `Files.watch`.
   * @internal
   */
  constructor(path: string, stop: () => Promise<void>) {
    this.path = path;
    this.#stop = stop;
  }

  /** Stops watching: `fs/unwatch`. */
  close(): Promise<void> {
    return this.#stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** Files on the server's machine. Paths are absolute. */
export class Files {
  readonly #client: NamespaceClient;

  /**
   * Created by `Codex`.
   * @internal
   */
  constructor(client: NamespaceClient) {
    this.#client = client;
  }

  /** Returns the content of a file: `fs/readFile`. */
  async read(path: string, options?: RequestOptions): Promise<Buffer> {
    const { dataBase64 } = await this.#client.request("fs/readFile", { path }, options);
    // Checked because `Buffer.from` would turn an object with a `length` into a buffer of that length.
    if (typeof dataBase64 !== "string") {
      throw new CodexError("The server's response to fs/readFile has no content");
    }
    return Buffer.from(dataBase64, "base64");
  }

  /** Returns the content of a file as UTF-8 text: `fs/readFile`. */
  async readText(path: string, options?: RequestOptions): Promise<string> {
    return (await this.read(path, options)).toString("utf8");
  }

  /** Writes a file, replacing its content: `fs/writeFile`. Text is written as UTF-8. */
  async write(path: string, content: string | Uint8Array, options?: RequestOptions): Promise<void> {
    const dataBase64 = bytesOf("files.write", content).toString("base64");
    await this.#client.request("fs/writeFile", { path, dataBase64 }, options);
  }

  /** Returns the entries of a folder: `fs/readDirectory`. */
  async list(path: string, options?: RequestOptions): Promise<FsReadDirectoryEntry[]> {
    return (await this.#client.request("fs/readDirectory", { path }, options)).entries;
  }

  /**
   * Returns whether a path is a file, folder or link, and when it was created and modified:
   * `fs/getMetadata`.
   */
  metadata(path: string, options?: RequestOptions): Promise<FsGetMetadataResponse> {
    return this.#client.request("fs/getMetadata", { path }, options);
  }

  /** Creates a folder and its parent folders: `fs/createDirectory`. */
  async createDirectory(
    path: string,
    options: RequestOptions & { readonly recursive?: boolean | undefined } = {},
  ): Promise<void> {
    checkParams("files.createDirectory", "fs/createDirectory", options, { omitted: ["path"] });
    const [{ recursive = true }, limits] = splitLimits(options);
    await this.#client.request("fs/createDirectory", { path, recursive }, limits);
  }

  /**
   * Removes a file, or a folder with its contents: `fs/remove`. A missing path is an error only if
   * `force` is false.
   */
  async remove(
    path: string,
    options: RequestOptions & Partial<Omit<ParamsOf<"fs/remove">, "path">> = {},
  ): Promise<void> {
    checkParams("files.remove", "fs/remove", options, { omitted: ["path"] });
    const [params, limits] = splitLimits(options);
    await this.#client.request("fs/remove", { ...params, path }, limits);
  }

  /** Copies a file, or with `recursive` a folder: `fs/copy`. */
  async copy(
    from: string,
    to: string,
    options: RequestOptions & { readonly recursive?: boolean | undefined } = {},
  ): Promise<void> {
    checkParams("files.copy", "fs/copy", options, { omitted: ["sourcePath", "destinationPath"] });
    const [{ recursive = false }, limits] = splitLimits(options);
    const params = { sourcePath: from, destinationPath: to, recursive };
    await this.#client.request("fs/copy", params, limits);
  }

  /**
   * Calls `listener` with the paths that change: `fs/watch`. Close the result to stop. After a lost
   * connection it is called with the path itself, because changes may have been missed.
   */
  async watch(
    path: string,
    listener: (changedPaths: readonly string[]) => void,
    options?: RequestOptions,
  ): Promise<FileWatch> {
    checkListener(listener);
    const watchId = crypto.randomUUID();
    const listening = this.#client.on("fs/changed", (change) => {
      if (change?.watchId === watchId) listener(change.changedPaths ?? []);
    });
    let isOpen = true;
    let isOurs = false;
    // A watch belongs to a connection, and ends with it.
    const watching = this.#client.onStatus(async ({ state }) => {
      if (state !== "ready" || !isOurs) return;
      await this.#client.request("fs/watch", { watchId, path }).catch(() => {});
      if (isOpen) await listener([path]);
    });
    const close = async () => {
      if (!isOpen) return;
      isOpen = false;
      listening[Symbol.dispose]();
      watching[Symbol.dispose]();
      if (this.#client.status.state !== "ready") return;
      await this.#client.request("fs/unwatch", { watchId });
    };
    try {
      const params = { watchId, path };
      const { path: resolved } = await this.#client.request("fs/watch", params, options);
      isOurs = true;
      return new FileWatch(resolved, close);
    } catch (error) {
      // The server may have started to watch anyway.
      close().catch(() => {});
      throw error;
    }
  }

  /** Finds files whose paths resemble the query: `fuzzyFileSearch`. */
  async search(
    query: string,
    roots: readonly string[],
    options?: RequestOptions,
  ): Promise<ResultOf<"fuzzyFileSearch">["files"]> {
    const params = { query, roots: [...roots], cancellationToken: null };
    return (await this.#client.request("fuzzyFileSearch", params, options)).files;
  }
}
