import type { Endpoint } from "../transport/transport.js";
type Message = Readonly<Record<string, unknown>>;
/** A request of the client, without an answer yet. */
export interface FakeRequest {
    readonly id: number;
    readonly method: string;
    readonly params: Readonly<Record<string, unknown>>;
    respond(result: unknown): void;
    fail(code: number, message: string, data?: unknown): void;
}
type Answer = (params: FakeRequest["params"], request: FakeRequest) => unknown;
/**
 * An app-server in memory that does only what a test tells it to, for faults and orders of events
 * that can't be produced with the real one. Pass its `endpoint` to a client as `transport`. It
 * answers `initialize` itself.
 */
export declare class FakeAppServer {
    #private;
    /** Every message that the client sent, oldest first. */
    readonly received: Message[];
    readonly endpoint: Endpoint;
    constructor(options?: {
        readonly outlivesTransport?: boolean;
    });
    /** Answers requests of this method with the result of the function; what it throws becomes an RPC error. */
    answer(method: string, answer: Answer): this;
    /** Resolves with the next request of this method without an `answer`, including earlier ones that weren't returned yet. */
    request(method: string): Promise<FakeRequest>;
    /** Resolves with the first message that matches, received or to come. Each is returned once. */
    message(matches: (message: Message) => boolean): Promise<Message>;
    notify(method: string, params: unknown): void;
    /** Sends a request to the client, and resolves with its complete answer. */
    ask(method: string, params: unknown, id?: number | string): Promise<Message>;
    send(message: object): void;
    sendText(text: string): void;
    /** Ends the connection, as if the server had died. */
    disconnect(message?: string): void;
}
export {};
//# sourceMappingURL=fake-app-server.d.ts.map