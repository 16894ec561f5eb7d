import { afterEach } from "vitest";
import type { Codex } from "../../src/client/codex.ts";
import { createHandler, type Handler, type HandlerOptions } from "../../src/web/index.ts";
import type { Asked } from "./handler.ts";

/** Every HTTP request about a thread, and about one of its pending requests. */
export function everything(threadId: string, requestId: string): [path: string, asked: Asked][] {
  return [
    [`/threads/${threadId}`, {}],
    [`/threads/${threadId}/events`, {}],
    [`/threads/${threadId}/turns`, {}],
    [`/threads/${threadId}/turns`, { body: { input: "Hi" } }],
    [`/threads/${threadId}/turns`, { body: { input: "Hi", ifRunning: "steer" } }],
    [`/threads/${threadId}/steer`, { body: { input: "Hi" } }],
    [`/threads/${threadId}/interrupt`, { body: {} }],
    [`/requests/${requestId}`, { body: { optionId: "accept" } }],
  ];
}

/** The id of a thread that doesn't exist. */
export const NO_THREAD = "01a216ca-45fc-75f0-982f-02814905fbbf";

/** The headers of a request of this user. */
export const as = (user: string): { authorization: string } => ({
  authorization: `Bearer ${user}`,
});

/** Creates handlers that are closed after each test. */
export function usersHandlers(server: { readonly codex: Codex }) {
  const handlers: Handler[] = [];

  afterEach(() => {
    for (const handler of handlers.splice(0)) handler.close();
  });

  /** A handler that gives each user access to the user's own threads only. */
  function handlerForUsers(options: Partial<HandlerOptions> = {}): Handler {
    const owners = new Map<string, string>();
    const userOf = ({ headers }: Request) =>
      /^Bearer (alice|bob)$/.exec(headers.get("authorization") ?? "")?.[1];
    const handler = createHandler(server.codex, {
      authorize: async (request, { threadId }) => {
        const user = userOf(request);
        return user !== undefined && (threadId === undefined || owners.get(threadId) === user);
      },
      onThreadStart: (request, threadId) => {
        owners.set(threadId, userOf(request) ?? "");
      },
      ...options,
    });
    handlers.push(handler);
    return handler;
  }

  function openHandler(options: Partial<HandlerOptions> = {}): Handler {
    return handlerForUsers({ authorize: () => true, ...options });
  }

  return { handlerForUsers, openHandler };
}
