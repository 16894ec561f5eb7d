import { TransportClosedError } from "../errors/errors.ts";
import type { Endpoint, Transport, TransportEvents } from "../transport/transport.ts";

type Message = Readonly<Record<string, unknown>>;

/** A client request that hasn't been answered yet. */
export interface FakeRequest {
  readonly id: number;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  respond(result: unknown): void;
  fail(code: number, message: string, data?: unknown): void;
}

type Answer = (params: FakeRequest["params"], request: FakeRequest) => unknown;

/**
 * An app-server in memory that does only what a test tells it to, for faults and event orders that
 * the real one can't be made to produce. Pass its `endpoint` to a client as `transport`. It answers
 * `initialize` itself, and the requests around the start of a thread with a `cwd`: `config/read` and
 * `thread/settings/update`.
 */
export class FakeAppServer {
  /** Every message that the client sent, oldest first. */
  readonly received: Message[] = [];
  readonly endpoint: Endpoint;
  readonly #answers = new Map<string, Answer>();
  #events: TransportEvents | undefined;
  #waiting: { matches: (message: Message) => boolean; resolve: (message: Message) => void }[] = [];
  #nextId = 0;

  constructor(options: { readonly outlivesTransport?: boolean } = {}) {
    this.endpoint = {
      name: "memory",
      outlivesTransport: options.outlivesTransport ?? false,
      connect: async (signal) => {
        signal.throwIfAborted();
        return this.#transport();
      },
    };
    this.answer("initialize", () => ({ userAgent: "fake/1.2.3 (memory)" }));
    this.answer("config/read", () => ({ config: {} }));
    this.answer("thread/settings/update", () => ({}));
  }

  /**
   * Answers requests of this method with the result of the function; an exception becomes an RPC
   * error.
   */
  answer(method: string, answer: Answer): this {
    this.#answers.set(method, answer);
    return this;
  }

  /**
   * Resolves with the next request of this method that `answer` doesn't handle, including earlier ones that haven't been
   * returned yet.
   */
  async request(method: string): Promise<FakeRequest> {
    const message = await this.message((one) => one.method === method && one.id !== undefined);
    return this.#requestOf(message);
  }

  /** Resolves with the first matching message, already received or later. Each message is returned once. */
  message(matches: (message: Message) => boolean): Promise<Message> {
    const index = this.#untaken.findIndex(matches);
    const [found] = index === -1 ? [] : this.#untaken.splice(index, 1);
    if (found) return Promise.resolve(found);
    return new Promise((resolve) => this.#waiting.push({ matches, resolve }));
  }

  notify(method: string, params: unknown): void {
    this.send({ method, params });
  }

  /** Sends a request to the client, and resolves with its complete answer. */
  ask(method: string, params: unknown, id: number | string = this.#nextId++): Promise<Message> {
    this.send({ id, method, params });
    return this.message((one) => one.id === id && one.method === undefined);
  }

  send(message: object): void {
    this.sendText(JSON.stringify(message));
  }

  sendText(text: string): void {
    this.#events?.message(text);
  }

  /** Ends the connection, as if the server had died. */
  disconnect(message = "The fake app-server has disconnected"): void {
    const events = this.#events;
    this.#events = undefined;
    events?.closed(new TransportClosedError(message));
  }

  readonly #untaken: Message[] = [];

  #transport(): Transport {
    return {
      listen: (events) => {
        this.#events = events;
      },
      send: (text) => this.#receive(JSON.parse(text) as Message),
      close: async () => this.disconnect("The transport was closed"),
    };
  }

  #receive(message: Message): void {
    this.received.push(message);
    const answer = message.id === undefined ? undefined : this.#answers.get(String(message.method));
    if (answer) {
      const request = this.#requestOf(message);
      // Asynchronously, as over a wire: never inside the client's send.
      queueMicrotask(() => this.#reply(request, answer));
      return;
    }
    const index = this.#waiting.findIndex(({ matches }) => matches(message));
    const [waiting] = index === -1 ? [] : this.#waiting.splice(index, 1);
    if (waiting) waiting.resolve(message);
    else this.#untaken.push(message);
  }

  #reply(request: FakeRequest, answer: Answer): void {
    try {
      const result = answer(request.params, request);
      if (result !== undefined) request.respond(result);
    } catch (error) {
      request.fail(-32600, error instanceof Error ? error.message : String(error));
    }
  }

  #requestOf(message: Message): FakeRequest {
    const id = message.id as number;
    return {
      id,
      method: String(message.method),
      params: (message.params ?? {}) as FakeRequest["params"],
      respond: (result) => this.send({ id, result }),
      fail: (code, text, data) =>
        this.send({ id, error: { code, message: text, ...(data === undefined ? {} : { data }) } }),
    };
  }
}
