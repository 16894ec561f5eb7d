import type { CancelLoginAccountResponse, NotificationParams } from "../../protocol/index.js";
import type { RequestOptions } from "../../thread/thread-server.js";
import type { NamespaceClient } from "./client.js";
/** A login that the user completes in a browser. */
export declare class Login {
    /** The page to open. */
    readonly url: string;
    /** Resolves when the user has logged in; rejects with a `LoginError` if the login failed or was cancelled, or the connection was lost. */
    readonly completed: Promise<void>;
    /**
     * Created by `codex.account` and `codex.mcp`.
     * @internal
     */
    constructor(url: string, completed: Promise<void>);
}
type Cancel = (options?: RequestOptions) => Promise<CancelLoginAccountResponse>;
/** A login with ChatGPT. */
export declare class ChatGPTLogin extends Login {
    #private;
    readonly loginId: string;
    /**
     * Created by `codex.account`.
     * @internal
     */
    constructor(loginId: string, url: string, completed: Promise<void>, cancel: Cancel);
    /** Cancels the login: `account/login/cancel`. */
    cancel(options?: RequestOptions): Promise<CancelLoginAccountResponse>;
}
/** A login with ChatGPT on another device: the user enters the code on the page. */
export declare class DeviceCodeLogin extends ChatGPTLogin {
    readonly code: string;
    /**
     * Created by `codex.account`.
     * @internal
     */
    constructor(code: string, ...[loginId, url, completed, cancel]: ConstructorParameters<typeof ChatGPTLogin>);
}
type CompletedMethod = "account/login/completed" | "mcpServer/oauthLogin/completed";
export interface Attempt<Method extends CompletedMethod, Answer> {
    readonly completed: Method;
    start(): Promise<Answer>;
    /** Whether this is the end of the login that was started with this answer. */
    isEnd(end: NotificationParams[Method], answer: Answer): boolean;
}
/**
 * Starts a login and follows it to its end. It listens before it asks: the server may report the
 * end in the same chunk as the answer.
 */
export declare function startLogin<Method extends CompletedMethod, Answer>(client: NamespaceClient, { completed: method, start, isEnd }: Attempt<Method, Answer>): Promise<{
    answer: Answer;
    completed: Promise<void>;
}>;
export {};
//# sourceMappingURL=login.d.ts.map