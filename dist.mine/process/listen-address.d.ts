/** Where a server listens: an IP address and a port, or the path of a Unix socket. */
export type ListenAddress = {
    readonly kind: "ws";
    readonly host: string;
    readonly port: number;
} | {
    readonly kind: "unix";
    readonly path: string;
};
/** Parses an argument of the server's `--listen`; undefined if it isn't valid. */
export declare function parseListen(listen: unknown): ListenAddress | undefined;
export declare function isLoopbackHost(host: string): boolean;
/**
 * The address in the line that a listening server writes to stderr; undefined for other lines.
 * @throws LaunchError if it isn't where the server was asked to listen: a client would send its
 *   token there.
 */
export declare function reportedAddress(line: string, listen: string): string | undefined;
/** The local address of a server that listens on all addresses. */
export declare function localAddress(address: string): string;
//# sourceMappingURL=listen-address.d.ts.map