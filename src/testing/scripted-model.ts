import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { Exchange } from "./exchange.ts";
import { brokenScript, errorBody } from "./failures.ts";
import { ModelRequest } from "./model-request.ts";
import type { Reply } from "./reply.ts";

/** Returns the reply to a request for which none is queued. If it throws, the turn fails with the error's message. */
export type Rule = (request: ModelRequest) => Reply | Promise<Reply>;

interface Waiting {
  resolve(request: ModelRequest): void;
  reject(error: Error): void;
}

/**
 * A model that follows a script: an HTTP server on 127.0.0.1 that implements the parts of the
 * Responses API that the app-server needs to run turns.
 *
 * Queued replies are used first, one per request, in order; then the rule is called. If there is
 * neither, the turn fails with a message that says so.
 *
 * @example
 * await using model = await ScriptedModel.start();
 * model.enqueue(command("ls"), "There are two files.");
 */
export class ScriptedModel implements AsyncDisposable {
  readonly #requests: ModelRequest[] = [];
  readonly #queue: Reply[] = [];
  readonly #waiting: Waiting[] = [];
  readonly #server: Server;
  #rule: Rule | undefined;
  #port = 0;
  #handedOut = 0;
  #closed = false;

  private constructor() {
    // The model never closes an idle connection, because the client might be about to use it.
    const options = { keepAliveTimeout: 0 };
    this.#server = createServer(options, (incoming, response) => {
      this.#serve(incoming, response).catch(() => response.destroy());
    });
  }

  /** Starts the model on a free port, with a rule or with queued replies. */
  static async start(script: Rule | readonly Reply[] = []): Promise<ScriptedModel> {
    const model = new ScriptedModel();
    if (typeof script === "function") model.respond(script);
    else model.enqueue(...script);
    await model.startListening();
    return model;
  }

  /** The base URL for the provider's configuration; it ends in `/v1`. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}/v1`;
  }

  get port(): number {
    return this.#port;
  }

  /** Every request so far, oldest first. */
  get requests(): readonly ModelRequest[] {
    return this.#requests;
  }

  /** The number of queued replies that haven't been used yet. */
  get unusedReplies(): number {
    return this.#queue.length;
  }

  /**
   * Checks at the end of a test that every queued reply was used.
   * @throws Error with the number of unused replies and of requests.
   */
  assertAllRepliesUsed(): void {
    const { unusedReplies } = this;
    if (unusedReplies === 0) return;
    const requests = this.#requests.length;
    throw new Error(
      `The scripted model has ${unusedReplies} unused ${unusedReplies === 1 ? "reply" : "replies"} ` +
        `after ${requests} ${requests === 1 ? "request" : "requests"}`,
    );
  }

  /** Queues replies, each for one request. */
  enqueue(...replies: readonly Reply[]): void {
    this.#queue.push(...replies);
  }

  /** Sets the rule for requests that arrive while the queue is empty. */
  respond(rule: Rule): void {
    this.#rule = rule;
  }

  /** Returns the next request that hasn't been returned yet, and waits for it if necessary. */
  nextRequest(): Promise<ModelRequest> {
    const next = this.#requests[this.#handedOut];
    if (next !== undefined) {
      this.#handedOut += 1;
      return Promise.resolve(next);
    }
    if (this.#closed) return Promise.reject(closedError());
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  /** Closes the port: connections are refused from now on. Replies in progress continue. */
  stopListening(): void {
    this.#server.close();
  }

  /** Listens on the same port again. */
  async startListening(): Promise<void> {
    this.#server.listen(this.#port, "127.0.0.1");
    await once(this.#server, "listening");
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Aborts every reply in progress and frees the port. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const { reject } of this.#waiting.splice(0)) reject(closedError());
    if (!this.#server.listening) return this.#server.closeAllConnections();
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    // A kept-alive connection must not work while the port is closed for everyone else.
    if (!this.#server.listening) return void incoming.destroy();
    if (incoming.method !== "POST" || !incoming.url?.endsWith("/responses")) {
      const what = `${incoming.method} ${incoming.url}`;
      response.writeHead(404, { "content-type": "application/json" });
      response.end(
        JSON.stringify(errorBody("not_found", `The scripted model does not support ${what}.`)),
      );
      return;
    }
    const exchange = new Exchange(response);
    const body = (await json(incoming)) as Record<string, unknown>;
    const request = new ModelRequest({
      index: this.#requests.length,
      headers: incoming.headers,
      body,
      signal: exchange.signal,
      ended: exchange.ended,
    });
    this.#record(request);
    await exchange.answer(await this.#replyTo(request));
  }

  #record(request: ModelRequest): void {
    this.#requests.push(request);
    const waiting = this.#waiting.shift();
    if (waiting === undefined) return;
    this.#handedOut += 1;
    waiting.resolve(request);
  }

  async #replyTo(request: ModelRequest): Promise<Reply> {
    const queued = this.#queue.shift();
    if (queued !== undefined) return queued;
    if (this.#rule === undefined) return noReply(request);
    try {
      return await this.#rule(request);
    } catch (error) {
      return brokenScript(`The rule of the scripted model threw: ${error}`);
    }
  }
}

function noReply({ index, userText }: ModelRequest): Reply {
  const message =
    `The scripted model has no reply for request ${index + 1}` +
    ` (user text: ${JSON.stringify(userText)}). Queue one with enqueue(), or set a rule with respond().`;
  return brokenScript(message);
}

function closedError(): Error {
  return new Error("The scripted model was closed, so there are no further requests.");
}
