import type { AccountUpdatedNotification, GetAccountResponse } from "../../protocol/index.cjs";
import type { RequestOptions } from "../../thread/thread-server.cjs";
import { type NamespaceClient } from "./client.cjs";
import { ChatGPTLogin, DeviceCodeLogin } from "./login.cjs";
import { type RateLimits } from "./rate-limits.cjs";
/**
 * Who is logged in to the server, and what they may still use.
 *
 * @example
 * const { account } = await codex.account.read();
 * if (account === null) {
 *   const login = await codex.account.loginWithChatGPT();
 *   console.log(`Open ${login.url}`);
 *   await login.completed;
 * }
 */
export declare class Account {
    #private;
    /**
     * Created by `Codex`.
     * @internal
     */
    constructor(client: NamespaceClient);
    /** Returns who is logged in: `account/read`. `account` is null if nobody is. */
    read(options?: RequestOptions & {
        readonly refreshToken?: boolean | undefined;
    }): Promise<GetAccountResponse>;
    /**
     * Logs in with an API key: `account/login/start`. The server stores it as its configuration says;
     * the option `apiKey` of `Codex` stores it nowhere.
     * @throws TypeError if the key isn't a non-empty string.
     */
    login(key: RequestOptions & {
        readonly apiKey: string;
    }): Promise<void>;
    /**
     * Starts a login with ChatGPT in a browser on the server's machine: `account/login/start`. Show
     * the user `url`, and wait for `completed`.
     */
    loginWithChatGPT(options?: RequestOptions): Promise<ChatGPTLogin>;
    /**
     * Starts a login with a code, for machines without a browser: `account/login/start`. Show the user
     * `url` and `code`, and wait for `completed`.
     */
    loginWithDeviceCode(options?: RequestOptions): Promise<DeviceCodeLogin>;
    /** Logs out, and removes stored credentials: `account/logout`. */
    logout(options?: RequestOptions): Promise<void>;
    /** Calls `listener` when somebody logs in or out: `account/updated`. Dispose of the result to stop. */
    onChange(listener: (account: AccountUpdatedNotification) => void): Disposable;
    /**
     * Returns how much of the account's rate limits is used: `account/rateLimits/read`.
     * @throws InvalidRequestError unless somebody is logged in with ChatGPT.
     */
    rateLimits(options?: RequestOptions): Promise<RateLimits>;
    /**
     * Calls `listener` when rate limits change, with what has changed: `account/rateLimits/updated`.
     * Dispose of the result to stop.
     */
    onRateLimits(listener: (limits: RateLimits) => void): Disposable;
}
//# sourceMappingURL=account.d.ts.map