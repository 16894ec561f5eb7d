import assert from "node:assert/strict";

/** The error that a promise rejects with. */
export async function failureOf(promise) {
  const outcome = await promise.then(
    () => undefined,
    (error) => error,
  );
  assert(outcome instanceof Error, "nothing was thrown");
  return outcome;
}

/** Resolves with true if the promise is still pending after this many milliseconds. */
export async function pendingAfter(ms, promise) {
  const settled = promise.then(
    () => false,
    () => false,
  );
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, ms, true);
  });
  return Promise.race([settled, late]).finally(() => clearTimeout(timer));
}

export async function collect(items) {
  const all = [];
  for await (const item of items) all.push(item);
  return all;
}

/** Resolves when the client has this state. */
export function stateOf(codex, wanted) {
  return new Promise((resolve) => {
    const listening = codex.onStatus(({ state }) => {
      if (state !== wanted) return;
      listening[Symbol.dispose]();
      resolve();
    });
  });
}

/** The conversation that the model received: who said what. */
export function conversation({ input }) {
  return input
    .filter(({ type, role }) => type === "message" && role !== "developer")
    .map(({ role, content }) => `${role}: ${content.at(-1)?.text}`)
    .filter((line) => !/<environment_context>|<user_instructions>/.test(line));
}

/**
 * The endpoint with observers: `sent` is called with what the client sends, and messages for
 * which `received` returns false don't reach the client.
 */
export function filtered(endpoint, { sent = () => {}, received = () => true }) {
  return {
    ...endpoint,
    async connect(signal) {
      const transport = await endpoint.connect(signal);
      return {
        close: () => transport.close(),
        send: (text) => {
          sent(JSON.parse(text));
          transport.send(text);
        },
        listen: (events) =>
          transport.listen({
            closed: (reason) => events.closed(reason),
            message: (text) => {
              if (received(JSON.parse(text))) events.message(text);
            },
          }),
      };
    },
  };
}

export const range = (length) => Array.from({ length }, (_, n) => n);
