import type { InitializeParams } from "../protocol/index.cjs";
/** How this client presents itself to the server. */
export interface ClientIdentity {
    readonly name: string;
    readonly title: string;
    readonly version: string;
    readonly experimentalApi: boolean;
}
/** What the server reports about itself in the handshake. */
export interface ServerMetadata {
    /** Name and version of the server; taken from `userAgent` if the server doesn't report them. */
    readonly serverInfo: {
        readonly name: string;
        readonly version: string;
    };
    readonly userAgent: string;
    readonly codexHome: string | undefined;
    /** "unix" or "windows". */
    readonly platformFamily: string | undefined;
    /** "linux", "macos", "windows", … */
    readonly platformOs: string | undefined;
}
export declare function initializeParams(client: ClientIdentity): InitializeParams;
/** Reads the answer to `initialize`. Throws if it doesn't identify the server. */
export declare function readMetadata(answer: unknown): ServerMetadata;
//# sourceMappingURL=handshake.d.ts.map