import { CodexError } from "../errors/errors.ts";
import type {
  ChatgptAuthTokensRefreshParams,
  ChatgptAuthTokensRefreshResponse,
  LoginAccountParams,
} from "../protocol/index.ts";
import { copyMembers } from "../session/copy-members.ts";
import type { Handlers } from "../session/handlers.ts";
import { isRecord } from "../util/describe.ts";

/** Tokens of a ChatGPT session that your program manages. */
export interface ChatGPTTokens {
  /** A JWT. */
  readonly accessToken: string;
  readonly chatgptAccountId: string;
  /** Default: the plan in the token. */
  readonly chatgptPlanType?: string | null | undefined;
}

/**
 * Returns valid tokens. `request` contains the reason why the server needs new ones; it is undefined
 * for the first login.
 */
export type ChatGPTTokenProvider = (
  request: ChatgptAuthTokensRefreshParams | undefined,
) => ChatGPTTokens | Promise<ChatGPTTokens>;

/** How a client logs in to the server that it starts. Both members are optional. */
export interface Credentials {
  readonly apiKey?: string | undefined;
  readonly chatgptTokens?: ChatGPTTokenProvider | undefined;
}

/** Keeps credentials in the server's memory. */
export const EPHEMERAL_STORE = { cli_auth_credentials_store: "ephemeral" };

/** Creates the params of `account/login/start`; undefined if the client doesn't log in. */
export function loginOf({
  apiKey,
  chatgptTokens,
}: Credentials): (() => Promise<LoginAccountParams>) | undefined {
  if (apiKey !== undefined) return async () => ({ type: "apiKey", apiKey });
  if (chatgptTokens === undefined) return undefined;
  return async () => ({
    type: "chatgptAuthTokens",
    ...checkedTokens(await chatgptTokens(undefined)),
  });
}

/** The handlers, plus one that refreshes the tokens, unless the user has set a handler for that method. */
export function handlersOf({
  handlers = {},
  chatgptTokens,
}: Credentials & { readonly handlers?: Handlers | undefined }): Handlers {
  const method = "account/chatgptAuthTokens/refresh";
  if (chatgptTokens === undefined || handlers[method] !== undefined) return handlers;
  const refresh = async (request: ChatgptAuthTokensRefreshParams) =>
    checkedTokens(await chatgptTokens(request));
  return { ...Object.fromEntries(copyMembers(handlers)), [method]: refresh };
}

function checkedTokens(tokens: unknown): ChatgptAuthTokensRefreshResponse {
  const { accessToken, chatgptAccountId, chatgptPlanType } = isRecord(tokens) ? tokens : {};
  if (typeof accessToken !== "string" || typeof chatgptAccountId !== "string") {
    throw new CodexError(
      "chatgptTokens returned no tokens: it must return { accessToken, chatgptAccountId }",
    );
  }
  const plan = typeof chatgptPlanType === "string" ? chatgptPlanType : null;
  return { accessToken, chatgptAccountId, chatgptPlanType: plan };
}
