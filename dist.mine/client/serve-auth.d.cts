import { type ListenAddress } from "../process/listen-address.cjs";
/** How clients of a served app-server authenticate; see `ServeOptions.auth`. */
export type ServeAuth = true | "none" | {
    readonly token: string;
};
/** The token that clients need, and the arguments by which the server checks it. */
export interface Authentication {
    readonly token: string | undefined;
    readonly args: readonly string[];
}
/** @throws TypeError for an invalid `auth`, or one that this address can't have. Never quotes a token. */
export declare function authentication(auth: unknown, address: ListenAddress): Authentication;
//# sourceMappingURL=serve-auth.d.ts.map