import { LoginError, TransportClosedError } from "../../errors/errors.ts";
import type { CancelLoginAccountResponse, NotificationParams } from "../../protocol/index.ts";
import type { RequestOptions } from "../../thread/thread-server.ts";
import { deferred } from "../../util/deferred.ts";
import { describe } from "../../util/describe.ts";
import type { NamespaceClient } from "./client.ts";

/** A login that the user completes in a browser. */
export class Login {
  /** The address of the page to open, always `http:` or `https:`. */
  readonly url: string;
  /**
   * Resolves when the user has logged in. Rejects with a `LoginError` if the login failed or was
   * cancelled, or if the connection was lost.
   */
  readonly completed: Promise<void>;

  /**
   * Created by `codex.account` and `codex.mcp`.
   * @internal
   */
  constructor(url: string, completed: Promise<void>) {
    this.url = url;
    this.completed = completed;
  }
}

type Cancel = (options?: RequestOptions) => Promise<CancelLoginAccountResponse>;

/** A login with ChatGPT. */
export class ChatGPTLogin extends Login {
  readonly loginId: string;
  readonly #cancel: Cancel;

  /**
   * Created by `codex.account`.
   * @internal
   */
  constructor(loginId: string, url: string, completed: Promise<void>, cancel: Cancel) {
    super(url, completed);
    this.loginId = loginId;
    this.#cancel = cancel;
  }

  /** Cancels the login: `account/login/cancel`. */
  cancel(options?: RequestOptions): Promise<CancelLoginAccountResponse> {
    return this.#cancel(options);
  }
}

/** A login with ChatGPT on another device: the user enters the code on the page. */
export class DeviceCodeLogin extends ChatGPTLogin {
  /** The code to enter on the page: visible ASCII characters only. */
  readonly code: string;

  /**
   * Created by `codex.account`.
   * @internal
   */
  constructor(
    code: string,
    ...[loginId, url, completed, cancel]: ConstructorParameters<typeof ChatGPTLogin>
  ) {
    super(loginId, url, completed, cancel);
    this.code = code;
  }
}

type CompletedMethod = "account/login/completed" | "mcpServer/oauthLogin/completed";

export interface Attempt<Method extends CompletedMethod, Answer> {
  readonly completed: Method;
  start(): Promise<Answer>;
  /** The address of the page, from the server's answer. */
  pageOf(answer: Answer): unknown;
  /** Whether this notification ends the login that was started with this answer. */
  isEnd(end: NotificationParams[Method], answer: Answer): boolean;
}

/**
 * Starts a login and follows it to its end. Listens before it sends the request, because the server
 * may report the end in the same chunk as the answer.
 */
export async function startLogin<Method extends CompletedMethod, Answer>(
  client: NamespaceClient,
  { completed: method, start, pageOf, isEnd }: Attempt<Method, Answer>,
): Promise<{ answer: Answer; url: string; completed: Promise<void> }> {
  const outcome = deferred<void>();
  // The caller might not wait for the end of the login.
  outcome.promise.catch(() => {});
  const early: NotificationParams[Method][] = [];
  let settle = (end: NotificationParams[Method]): void => void early.push(end);
  const listening = client.on(method, (end) => settle(end));
  const watching = client.onStatus((status) => {
    if (status.state === "reconnecting") outcome.reject(new LoginError(LOST));
    if (status.state !== "closed") return;
    outcome.reject(status.reason ?? new TransportClosedError("The client was closed"));
  });
  const stop = () => {
    listening[Symbol.dispose]();
    watching[Symbol.dispose]();
  };
  outcome.promise.then(stop, stop);
  try {
    const answer = await start();
    const url = webPage(pageOf(answer));
    settle = (end) => {
      if (!isEnd(end, answer)) return;
      if (end.success === true) outcome.resolve();
      else outcome.reject(new LoginError(end.error ?? "the server gave no reason"));
    };
    for (const end of early) settle(end);
    return { answer, url, completed: outcome.promise };
  } catch (error) {
    stop();
    throw error;
  }
}

/**
 * The address, which must be a web page's. Programs pass it to the operating system, which would
 * open a file or start a program for other kinds of address. They also print it, so hidden
 * characters are percent-encoded.
 */
function webPage(url: unknown): string {
  if (typeof url === "string" && /^https?:\/\//i.test(url) && URL.canParse(url)) {
    return /^[\x21-\x7e]+$/.test(url) ? url : new URL(url).href;
  }
  throw new LoginError(
    `the login page must have a valid http or https address, not ${describe(url)}`,
  );
}

/** Programs print the code, and a user has to be able to enter it. */
export function checkUserCode(code: unknown): void {
  if (typeof code === "string" && /^[\x21-\x7e]+$/.test(code)) return;
  throw new LoginError(
    `the code must consist of letters, digits and other visible ASCII characters, not ${describe(code)}`,
  );
}

const LOST = "the connection to the server was lost before the login ended; it may have succeeded";
