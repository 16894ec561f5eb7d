import type { StdioOptions } from "./stdio-transport.ts";
import type { Endpoint } from "./transport.ts";

/** Starts an app-server as a child process: JSON lines on its stdin and stdout. */
export function stdio(options: StdioOptions = {}): Endpoint {
  return {
    name: "stdio",
    outlivesTransport: false,
    async connect(signal) {
      signal.throwIfAborted();
      // Only programs that connect pay for loading it.
      const { openStdio } = await import("./stdio-transport.ts");
      return openStdio(options, signal);
    },
  };
}
