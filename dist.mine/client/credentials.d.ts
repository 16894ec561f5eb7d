import type { ChatgptAuthTokensRefreshParams, LoginAccountParams } from "../protocol/index.js";
import type { Handlers } from "../session/handlers.js";
/** Tokens of a ChatGPT session that your program manages. */
export interface ChatGPTTokens {
    /** A JWT. */
    readonly accessToken: string;
    readonly chatgptAccountId: string;
    /** Default: what the token says. */
    readonly chatgptPlanType?: string | null | undefined;
}
/** Returns valid tokens. `request` is what the server wants new ones for; undefined at the login. */
export type ChatGPTTokenProvider = (request: ChatgptAuthTokensRefreshParams | undefined) => ChatGPTTokens | Promise<ChatGPTTokens>;
/** How a client logs in to the server that it starts; both are optional. */
export interface Credentials {
    readonly apiKey?: string | undefined;
    readonly chatgptTokens?: ChatGPTTokenProvider | undefined;
}
/** Keeps credentials in the server's memory. */
export declare const EPHEMERAL_STORE: {
    cli_auth_credentials_store: string;
};
/** Makes the params of `account/login/start`; undefined if the client doesn't log in. */
export declare function loginOf({ apiKey, chatgptTokens, }: Credentials): (() => Promise<LoginAccountParams>) | undefined;
/** The handlers, with one that gives the server new tokens unless the user has set it. */
export declare function handlersOf({ handlers, chatgptTokens, }: Credentials & {
    readonly handlers?: Handlers | undefined;
}): Handlers;
//# sourceMappingURL=credentials.d.ts.map