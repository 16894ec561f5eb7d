import type { ServerResponse } from "node:http";
import type { RequestEnd } from "./model-request.ts";
import type { Reply } from "./reply.ts";
import { writeReply } from "./reply-writer.ts";

/** One request and its answer, up to the point where either side ends it. */
export class Exchange {
  /** Aborts when the client disconnects before the reply has been sent. */
  readonly signal: AbortSignal;
  readonly ended: Promise<RequestEnd>;
  readonly #response: ServerResponse;
  #end: (how: RequestEnd) => void = () => {};
  readonly #leave: () => void;

  constructor(response: ServerResponse) {
    const gone = new AbortController();
    this.signal = gone.signal;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.#response = response;
    this.#leave = () => {
      if (response.writableFinished) return;
      gone.abort(new Error("The client closed the connection before the reply was sent."));
      this.#end("aborted");
    };
    response.once("close", this.#leave);
  }

  async answer(reply: Reply): Promise<void> {
    try {
      await writeReply(reply, this.#response, this.signal);
    } catch (error) {
      if (this.signal.aborted) return;
      throw error;
    }
    this.#response.off("close", this.#leave);
    this.#end("answered");
  }
}
