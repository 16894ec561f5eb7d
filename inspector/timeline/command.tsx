import { useState } from "preact/hooks";
import type { CommandEntry } from "../../src/timeline/index.ts";
import { Took } from "./entry.tsx";

/** How many lines of output are shown at first. */
const FEW = 12;

/** A command with its output. */
export function Command({ entry }: { readonly entry: CommandEntry }) {
  const { command, output, exitCode, durationMs, state, by } = entry;
  const [isWhole, setWhole] = useState(false);
  const lines = output.head.replace(/\n$/, "").split("\n");
  const isLong = lines.length > FEW || output.omitted > 0;
  const text = isLong && !isWhole ? lines.slice(0, FEW).join("\n") : lines.join("\n");
  return (
    <>
      <div class="command-head">
        <code class="command-line">{command}</code>
        <span class="facts">
          {by === "user" && <span class="tag">by the user</span>}
          {state === "running" && <span class="tag live">running</span>}
          {(state === "declined" || state === "interrupted") && (
            <span class="tag warn">{state}</span>
          )}
          {exitCode !== null && (
            <span key="exit" class={exitCode === 0 ? "exit" : "exit bad"}>
              exit {exitCode}
            </span>
          )}
          <Took ms={durationMs} />
        </span>
      </div>
      {text !== "" && <pre class="output">{text}</pre>}
      {isLong && isWhole && output.omitted > 0 && (
        <>
          <p class="muted">{output.omitted} characters were left out</p>
          <pre class="output">{output.tail}</pre>
        </>
      )}
      {isLong && (
        <button type="button" class="more" onClick={() => setWhole(!isWhole)}>
          {isWhole ? "Show less" : `Show all of ${lines.length} lines`}
        </button>
      )}
    </>
  );
}
