import { ModelRequest } from "./model-request.js";
import type { Reply } from "./reply.js";
/** Returns the reply to a request for which none is queued. If it throws, the turn fails with its message. */
export type Rule = (request: ModelRequest) => Reply | Promise<Reply>;
/**
 * A model that follows a script: an HTTP server on 127.0.0.1 that implements as much of the
 * Responses API as the app-server needs to run turns.
 *
 * Queued replies are used first, one per request, in order; then the rule is called. If there is
 * neither, the turn fails with a message that says so.
 *
 * @example
 * await using model = await ScriptedModel.start();
 * model.enqueue(command("ls"), "There are two files.");
 */
export declare class ScriptedModel implements AsyncDisposable {
    #private;
    private constructor();
    /** Starts the model on a free port, with a rule or with queued replies. */
    static start(script?: Rule | readonly Reply[]): Promise<ScriptedModel>;
    /** The base URL for the provider's configuration; it ends in `/v1`. */
    get url(): string;
    get port(): number;
    /** Every request so far, oldest first. */
    get requests(): readonly ModelRequest[];
    /** How many queued replies no request has used yet. */
    get unusedReplies(): number;
    /**
     * Checks at the end of a test that every queued reply was used.
     * @throws Error that says how many weren't, and how many requests there were.
     */
    assertAllRepliesUsed(): void;
    /** Queues replies, each for one request. */
    enqueue(...replies: readonly Reply[]): void;
    /** Sets the rule for requests that find the queue empty. */
    respond(rule: Rule): void;
    /** Returns the requests one after another, each once, and waits for the next. */
    nextRequest(): Promise<ModelRequest>;
    /** Closes the port: connections are refused from now on. Replies in progress continue. */
    stopListening(): void;
    /** Listens on the same port again. */
    startListening(): Promise<void>;
    /** Aborts every reply in progress and frees the port. */
    close(): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
}
//# sourceMappingURL=scripted-model.d.ts.map