import type { FsGetMetadataResponse, FsReadDirectoryEntry } from "../../protocol/index.cjs";
import type { RequestOptions } from "../../thread/thread-server.cjs";
import type { ParamsOf, ResultOf } from "../types.cjs";
import { type NamespaceClient } from "./client.cjs";
/** Follows the changes of a path, until it is closed. */
export declare class FileWatch implements AsyncDisposable {
    #private;
    /** The path that is watched, with links resolved. */
    readonly path: string;
    /**
     * Created by `Files.watch`.
     * @internal
     */
    constructor(path: string, stop: () => Promise<void>);
    /** Stops: `fs/unwatch`. */
    close(): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
}
/** Files on the server's machine. Paths are absolute. */
export declare class Files {
    #private;
    /**
     * Created by `Codex`.
     * @internal
     */
    constructor(client: NamespaceClient);
    /** Returns the content of a file: `fs/readFile`. */
    read(path: string, options?: RequestOptions): Promise<Buffer>;
    /** Returns the content of a file as UTF-8 text: `fs/readFile`. */
    readText(path: string, options?: RequestOptions): Promise<string>;
    /** Writes a file, replacing what it held: `fs/writeFile`. Text is written as UTF-8. */
    write(path: string, content: string | Uint8Array, options?: RequestOptions): Promise<void>;
    /** Returns the entries of a folder: `fs/readDirectory`. */
    list(path: string, options?: RequestOptions): Promise<FsReadDirectoryEntry[]>;
    /** Returns what a path is, and when it changed: `fs/getMetadata`. */
    metadata(path: string, options?: RequestOptions): Promise<FsGetMetadataResponse>;
    /** Creates a folder, and those above it: `fs/createDirectory`. */
    createDirectory(path: string, options?: RequestOptions & {
        readonly recursive?: boolean | undefined;
    }): Promise<void>;
    /** Removes a file or a folder with all that is in it: `fs/remove`. A missing path is no error unless `force` is false. */
    remove(path: string, options?: RequestOptions & Partial<Omit<ParamsOf<"fs/remove">, "path">>): Promise<void>;
    /** Copies a file, or with `recursive` a folder: `fs/copy`. */
    copy(from: string, to: string, options?: RequestOptions & {
        readonly recursive?: boolean | undefined;
    }): Promise<void>;
    /**
     * Calls `listener` with the paths that change: `fs/watch`. Close the result to stop. After a lost
     * connection it is called with the path itself, as changes may have been missed.
     */
    watch(path: string, listener: (changedPaths: readonly string[]) => void, options?: RequestOptions): Promise<FileWatch>;
    /** Finds files whose paths resemble the query: `fuzzyFileSearch`. */
    search(query: string, roots: readonly string[], options?: RequestOptions): Promise<ResultOf<"fuzzyFileSearch">["files"]>;
}
//# sourceMappingURL=files.d.ts.map