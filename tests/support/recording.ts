import type { Endpoint } from "../../src/transport/transport.ts";

interface WireMessage {
  readonly id?: number | string;
  readonly method?: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read into whatever was sent
  readonly params?: any;
}

/** An endpoint that records what the client sends through it. */
export function recording(inner: Endpoint) {
  const sent: WireMessage[] = [];
  const endpoint: Endpoint = {
    ...inner,
    async connect(signal) {
      const transport = await inner.connect(signal);
      return {
        listen: (events) => transport.listen(events),
        close: () => transport.close(),
        send(text) {
          sent.push(JSON.parse(text));
          transport.send(text);
        },
      };
    },
  };
  /** The messages of this method that were sent, oldest first. */
  const sentOf = (method: string) => sent.filter((message) => message.method === method);
  return { endpoint, sent, sentOf };
}
