import { writeSync } from "node:fs";
import { CodexWarning, type Warn } from "../errors/warning.ts";
import { messageOf } from "../util/describe.ts";
import type { InspectOptions } from "./inspect-options.ts";

const STDERR = 2;

/** The client, and what its recorder writes. */
type Source = Omit<
  Extract<import("../inspect/inspector.ts").InspectorOptions["source"], { kind: "live" }>,
  "kind"
>;

/** Serves the inspector until the client ends. A failure is reported as a warning. */
export async function inspectClient(
  source: Source,
  options: InspectOptions | true,
  warn: Warn,
): Promise<void> {
  const { port = 0, onLink = printLink } = options === true ? {} : options;
  try {
    const { Inspector } = await import("../inspect/inspector.ts");
    const inspector = await Inspector.start({
      source: { kind: "live", ...source },
      ...{ port, keepAlive: false },
    });
    void source.codex.closed.then(() => inspector.close());
    onLink(inspector.newLink());
  } catch (cause) {
    const message = `The inspector can't be served; the client continues to work: ${messageOf(cause)}`;
    warn(new CodexWarning("INSPECT_FAILED", message, { cause }));
  }
}

/** Prints the link without `process.stderr`: a worker's is written by the main thread, which may be blocked. */
function printLink(link: string): void {
  writeSync(STDERR, `Codex inspector: ${link}\n`);
}
