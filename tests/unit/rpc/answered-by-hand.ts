import { InboundRequests, type RequestHandler } from "../../../src/rpc/inbound.ts";
import type { ServerRequest } from "../../../src/rpc/messages.ts";
import type { Message } from "./two-arrays.ts";

interface Asked {
  readonly request: ServerRequest;
  readonly signal: AbortSignal;
  readonly answer: (result: unknown) => void;
  readonly fail: (error: unknown) => void;
}

/** The server's requests, which a test answers by hand, or with `handle`. */
export function inbound({
  replays = true,
  handle,
  partyOf,
}: {
  replays?: boolean;
  handle?: RequestHandler;
  partyOf?: (request: ServerRequest) => string;
} = {}) {
  const asked: Asked[] = [];
  const texts: string[] = [];
  const transport = { maxChars: Number.POSITIVE_INFINITY };
  const byHand: RequestHandler = (request, signal) =>
    new Promise((answer, fail) => asked.push({ request, signal, answer, fail }));
  const requests = new InboundRequests(
    handle ?? byHand,
    (text) => {
      if (text.length > transport.maxChars) {
        throw new RangeError(`more than ${transport.maxChars} characters`);
      }
      texts.push(text);
    },
    { replays, ...(partyOf && { partyOf }) },
  );
  const sent = (): Message[] => texts.splice(0).map((text) => JSON.parse(text) as Message);
  return { requests, asked, sent, transport };
}

export function request(id: number | string, params: unknown = {}, method = "ask"): ServerRequest {
  return { id, method, params };
}

export const reason = new Error("reason");
