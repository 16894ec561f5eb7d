import type { TransportClosedError } from "../../src/index.ts";
import type { Endpoint, Transport } from "../../src/transport/transport.ts";

/** A connected transport, and the messages that it has delivered. */
export interface Listened {
  readonly transport: Transport;
  readonly messages: string[];
  readonly closed: Promise<TransportClosedError>;
  /** How often it has reported its end. */
  readonly ends: () => number;
  /** Resolves with the messages when this many have arrived. */
  got(count: number): Promise<string[]>;
}

/** Connects to an endpoint and listens; `onMessage` may throw. */
export async function listenTo(
  endpoint: Endpoint,
  onMessage: (text: string) => void = () => {},
): Promise<Listened> {
  return listen(await endpoint.connect(new AbortController().signal), onMessage);
}

export function listen(
  transport: Transport,
  onMessage: (text: string) => void = () => {},
): Listened {
  const messages: string[] = [];
  let ends = 0;
  let wake = () => {};
  const closed = new Promise<TransportClosedError>((resolve) => {
    transport.listen({
      message(text) {
        messages.push(text);
        wake();
        onMessage(text);
      },
      closed(reason) {
        ends++;
        resolve(reason);
      },
    });
  });
  const got = (count: number) =>
    new Promise<string[]>((resolve) => {
      wake = () => messages.length >= count && resolve(messages);
      wake();
    });
  return { transport, messages, closed, ends: () => ends, got };
}

/**
 * The two messages that a client sends in a handshake; the second one follows the answer to the
 * first.
 */
export function shakeHands(transport: Transport): void {
  transport.send('{"id":1,"method":"initialize"}');
  transport.send('{"method":"initialized"}');
}
