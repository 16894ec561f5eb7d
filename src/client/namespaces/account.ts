import { CodexError } from "../../errors/errors.ts";
import type {
  AccountUpdatedNotification,
  CancelLoginAccountResponse,
  GetAccountResponse,
  LoginAccountResponse,
} from "../../protocol/index.ts";
import type { RequestOptions } from "../../thread/thread-server.ts";
import { checkListener } from "../../util/checks.ts";
import { checkParams } from "../check-calls.ts";
import { type NamespaceClient, splitLimits } from "./client.ts";
import { ChatGPTLogin, checkUserCode, DeviceCodeLogin, startLogin } from "./login.ts";
import { type RateLimits, rateLimitsOf, rateLimitsUpdate } from "./rate-limits.ts";

type LoginKind = "chatgpt" | "chatgptDeviceCode";

type AnswerOf<T extends LoginKind> = Extract<LoginAccountResponse, { readonly type: T }>;

/**
 * The login state of the server, and its rate limits.
 *
 * @example
 * const { account } = await codex.account.read();
 * if (account === null) {
 *   const login = await codex.account.loginWithChatGPT();
 *   console.log(`Open ${login.url}`);
 *   await login.completed;
 * }
 */
export class Account {
  readonly #client: NamespaceClient;

  /**
   * Created by `Codex`.
   * @internal
   */
  constructor(client: NamespaceClient) {
    this.#client = client;
  }

  /** Returns who is logged in: `account/read`. `account` is null if no one is logged in. */
  async read(
    options: RequestOptions & { readonly refreshToken?: boolean | undefined } = {},
  ): Promise<GetAccountResponse> {
    checkParams("account.read", "account/read", options);
    const [{ refreshToken = false }, limits] = splitLimits(options);
    return this.#client.request("account/read", { refreshToken }, limits);
  }

  /**
   * Logs in with an API key: `account/login/start`. The server stores it as configured;
   * the `apiKey` option of `Codex` doesn't store it.
   * @throws TypeError if the key isn't a non-empty string.
   */
  async login(key: RequestOptions & { readonly apiKey: string }): Promise<void> {
    const { apiKey, ...options } = key ?? {};
    if (typeof apiKey !== "string" || apiKey === "") {
      throw new TypeError("account.login: apiKey must be a non-empty string");
    }
    await this.#client.request("account/login/start", { type: "apiKey", apiKey }, options);
  }

  /**
   * Starts a login with ChatGPT in a browser on the server's machine: `account/login/start`. Show
   * the user `url`, and wait for `completed`.
   */
  async loginWithChatGPT(options: RequestOptions = {}): Promise<ChatGPTLogin> {
    const { answer, url, completed } = await this.#start(
      async () => ofType("chatgpt", await this.#ask("chatgpt", options)),
      ({ authUrl }) => authUrl,
    );
    const { loginId } = answer;
    return new ChatGPTLogin(loginId, url, completed, (limits) => this.#cancel(loginId, limits));
  }

  /**
   * Starts a login with a code, for machines without a browser: `account/login/start`. Show the user
   * `url` and `code`, and wait for `completed`.
   */
  async loginWithDeviceCode(options: RequestOptions = {}): Promise<DeviceCodeLogin> {
    const { answer, url, completed } = await this.#start(
      async () => {
        const answer = ofType("chatgptDeviceCode", await this.#ask("chatgptDeviceCode", options));
        checkUserCode(answer.userCode);
        return answer;
      },
      ({ verificationUrl }) => verificationUrl,
    );
    const { loginId, userCode: code } = answer;
    const cancel = (limits?: RequestOptions) => this.#cancel(loginId, limits);
    return new DeviceCodeLogin(code, loginId, url, completed, cancel);
  }

  /** Logs out, and removes stored credentials: `account/logout`. */
  async logout(options?: RequestOptions): Promise<void> {
    await this.#client.request("account/logout", undefined, options);
  }

  /** Calls `listener` when someone logs in or out: `account/updated`. Dispose of the result to stop. */
  onChange(listener: (account: AccountUpdatedNotification) => void): Disposable {
    return this.#client.on("account/updated", listener);
  }

  /**
   * Returns how much of the account's rate limits is used: `account/rateLimits/read`.
   * @throws InvalidRequestError unless someone is logged in with ChatGPT.
   */
  async rateLimits(options?: RequestOptions): Promise<RateLimits> {
    return rateLimitsOf(await this.#client.request("account/rateLimits/read", {}, options));
  }

  /**
   * Calls `listener` with the new values when rate limits change: `account/rateLimits/updated`.
   * Dispose of the result to stop.
   */
  onRateLimits(listener: (limits: RateLimits) => void): Disposable {
    checkListener(listener);
    return this.#client.on("account/rateLimits/updated", (params) => {
      listener(rateLimitsUpdate(params));
    });
  }

  #ask(type: LoginKind, options: RequestOptions): Promise<LoginAccountResponse> {
    return this.#client.request("account/login/start", { type }, options);
  }

  #start<Answer extends { readonly loginId: string }>(
    start: () => Promise<Answer>,
    pageOf: (answer: Answer) => unknown,
  ): Promise<{ answer: Answer; url: string; completed: Promise<void> }> {
    return startLogin(this.#client, {
      completed: "account/login/completed",
      ...{ start, pageOf },
      isEnd: (end, { loginId }) => end?.loginId === loginId,
    });
  }

  #cancel(loginId: string, options?: RequestOptions): Promise<CancelLoginAccountResponse> {
    return this.#client.request("account/login/cancel", { loginId }, options);
  }
}

function ofType<T extends LoginKind>(type: T, answer: LoginAccountResponse): AnswerOf<T> {
  if (answer?.type === type) return answer as AnswerOf<T>;
  throw new CodexError(
    `The server's response to account/login/start isn't a login of type ${type}`,
  );
}
