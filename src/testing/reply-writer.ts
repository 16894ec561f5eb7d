import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { brokenScript } from "./failures.ts";
import { isHold } from "./hold.ts";
import { HttpFailure } from "./http-failure.ts";
import { Draft, type ModelEvent, type Part, type Step, type Usage } from "./part.ts";
import { type Reply, reply } from "./reply.ts";

/** Events are written together up to this many characters: one write for each would dominate the cost. */
const CHUNK_LENGTH = 16_384;

/**
 * Sends a reply as fast as the client reads. Resolves when all of it has been written, and rejects
 * with the signal's reason if the signal aborts first.
 */
export async function writeReply(
  answer: Reply,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  if (answer instanceof HttpFailure) return writeFailure(answer, response, signal);
  const draft = new Draft();
  response.writeHead(200, { "content-type": "text/event-stream" });
  const writer = new StepWriter(response, signal);
  await writer.write([{ type: "response.created", response: { id: draft.id } }]);
  await writer.write(guarded(reply(answer), draft));
  if (draft.ending === "completed") await writer.write([completed(draft)]);
  if (draft.ending === "cut") response.socket?.destroySoon();
  else await finish(response, signal);
}

/** If a part throws, makes the response fail, so that the turn shows the reason. */
function* guarded(part: Part, draft: Draft): Iterable<Step> {
  try {
    yield* part.steps(draft);
  } catch (error) {
    yield* brokenScript(`A part of the scripted reply threw: ${error}`).steps(draft);
  }
}

function writeFailure(
  { status, headers, body }: HttpFailure,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.write(typeof body === "string" ? body : JSON.stringify(body));
  return finish(response, signal);
}

async function finish(response: ServerResponse, signal: AbortSignal): Promise<void> {
  const finished = once(response, "finish", { signal });
  response.end();
  await finished;
}

class StepWriter {
  readonly #response: ServerResponse;
  readonly #signal: AbortSignal;
  #pending = "";

  constructor(response: ServerResponse, signal: AbortSignal) {
    this.#response = response;
    this.#signal = signal;
  }

  /** Writes the steps; resolves when all of them have been written. */
  async write(steps: Iterable<Step>): Promise<void> {
    for (const step of steps) {
      if (typeof step !== "string" && isHold(step)) {
        await this.#flush();
        await step.wait(this.#signal);
        continue;
      }
      this.#pending += typeof step === "string" ? step : frame(step);
      if (this.#pending.length >= CHUNK_LENGTH) await this.#flush();
    }
    await this.#flush();
  }

  async #flush(): Promise<void> {
    this.#signal.throwIfAborted();
    const chunk = this.#pending;
    this.#pending = "";
    if (chunk === "" || this.#response.write(chunk)) return;
    await once(this.#response, "drain", { signal: this.#signal });
  }
}

function frame(event: ModelEvent): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

function completed(draft: Draft): ModelEvent {
  return { type: "response.completed", response: { id: draft.id, usage: wireUsage(draft.usage) } };
}

function wireUsage(tokens: Usage): object {
  const { inputTokens = 10, cachedInputTokens = 0 } = tokens;
  const { outputTokens = 5, reasoningOutputTokens = 0 } = tokens;
  return {
    input_tokens: inputTokens,
    input_tokens_details: { cached_tokens: cachedInputTokens },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: reasoningOutputTokens },
    total_tokens: inputTokens + outputTokens,
  };
}
