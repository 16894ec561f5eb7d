import type { ComponentChildren } from "preact";
import { jsonText } from "../../src/text/json-text.ts";
import type { Entry } from "../../src/timeline/index.ts";
import { Fold } from "../ui/controls.tsx";
import { duration } from "../ui/format.ts";
import { Icon, type IconName } from "../ui/icons.tsx";
import { JsonView } from "../ui/json-view.tsx";
import { Markdown } from "../ui/markdown.tsx";
import { Command } from "./command.tsx";
import { FileChanges } from "./file-changes.tsx";

const ICONS: Readonly<Record<Entry["kind"], IconName>> = {
  userMessage: "user",
  assistant: "assistant",
  reasoning: "reasoning",
  command: "command",
  fileChange: "fileChange",
  mcpCall: "tool",
  toolCall: "tool",
  webSearch: "webSearch",
  plan: "plan",
  image: "image",
  review: "search",
  compaction: "compaction",
  subAgent: "agent",
  hook: "hook",
  error: "error",
  notice: "notice",
  modelRerouted: "notice",
  unknown: "notice",
};

interface EntryProps {
  readonly entry: Entry;
  readonly openThread: (threadId: string) => void;
}

/** An entry of a timeline. */
export function EntryView({ entry, openThread }: EntryProps) {
  return (
    <div class={`entry ${entry.kind} ${entry.state}`}>
      <Icon name={ICONS[entry.kind]} />
      <div class="entry-body">
        {bodyOf(entry, openThread)}
        {entry.incomplete && <p class="muted">Some of its text may be missing.</p>}
      </div>
    </div>
  );
}

function bodyOf(entry: Entry, openThread: EntryProps["openThread"]): ComponentChildren {
  switch (entry.kind) {
    case "userMessage":
      return (
        <>
          <p class="text">{entry.text}</p>
          {entry.attachments.map((attachment, index) => (
            <p key={index} class="muted">
              {attachment.kind} {attachment.name ?? shown(attachment.source)}
            </p>
          ))}
        </>
      );
    case "assistant":
      return <Markdown text={entry.text} />;
    case "reasoning":
      return <Reasoning entry={entry} />;
    case "command":
      return <Command entry={entry} />;
    case "fileChange":
      return <FileChanges entry={entry} />;
    case "mcpCall":
      return (
        <Call
          name={`${entry.server}.${entry.tool}`}
          input={entry.arguments}
          output={entry.error ?? (entry.text || (entry.progress ?? ""))}
          durationMs={entry.durationMs}
        />
      );
    case "toolCall":
      return (
        <Call
          name={[entry.namespace, entry.tool].filter(Boolean).join(".")}
          input={entry.arguments}
          output={entry.text}
          durationMs={entry.durationMs}
        />
      );
    case "webSearch":
      return (
        <p>
          {entry.action === "openPage" ? "Opened" : "Searched the web for"}{" "}
          <strong>{entry.url ?? entry.pattern ?? entry.query}</strong>
        </p>
      );
    case "plan":
      return (
        <>
          {entry.text !== "" && <Markdown text={entry.text} />}
          <ul class="steps">
            {entry.steps.map(({ text, state }) => (
              <li key={text} class={state}>
                {text}
              </li>
            ))}
          </ul>
        </>
      );
    case "image":
      return (
        <>
          <p>
            {entry.action === "viewed" ? "Looked at" : "Made"} an image{" "}
            <span class="mono">{entry.path}</span>
          </p>
          {entry.data !== null && (
            <img
              class="picture"
              src={`data:image/png;base64,${entry.data}`}
              alt={entry.prompt ?? ""}
            />
          )}
        </>
      );
    case "review":
      return entry.action === "begun" ? (
        <p>Review of {entry.text}</p>
      ) : (
        <Markdown text={entry.text} />
      );
    case "compaction":
      return <p>The history was replaced by a summary.</p>;
    case "subAgent":
      return <SubAgent entry={entry} openThread={openThread} />;
    case "hook":
      return (
        <p>
          Hook {entry.event} {entry.text} <Took ms={entry.durationMs} />
        </p>
      );
    case "error":
      return (
        <>
          <p>
            {entry.willRetry && <span class="tag">retry</span>} {entry.message}
          </p>
          {entry.details !== null && <p class="muted">{entry.details}</p>}
        </>
      );
    case "notice":
      return <p>{entry.text}</p>;
    case "modelRerouted":
      return (
        <p>
          The model is now <strong>{entry.to}</strong> instead of {entry.from}: {entry.reason}
        </p>
      );
    default:
      return (
        <Fold summary={<span>{entry.type}</span>}>{() => <JsonView value={entry.item} />}</Fold>
      );
  }
}

function Reasoning({ entry }: { readonly entry: Extract<Entry, { kind: "reasoning" }> }) {
  const text = [...entry.summary, ...entry.raw].join("\n\n");
  const { startedAt, endedAt, state } = entry;
  const ms = startedAt !== null && endedAt !== null ? endedAt - startedAt : null;
  const head = (
    <span>
      {state === "running" ? "Thinking" : "Thought"}
      <Took ms={ms} />
    </span>
  );
  if (text === "") return <p class="muted">{head}</p>;
  return (
    <Fold summary={head} isOpen>
      {() => <Markdown text={text} />}
    </Fold>
  );
}

function SubAgent({
  entry,
  openThread,
}: { readonly entry: Extract<Entry, { kind: "subAgent" }> } & Pick<EntryProps, "openThread">) {
  return (
    <>
      <p>
        Sub-agent: {entry.action} {entry.path !== null && <span class="mono">{entry.path}</span>}
      </p>
      {entry.prompt !== null && <p class="text muted">{entry.prompt}</p>}
      {entry.threadIds.map((threadId) => (
        <button key={threadId} type="button" class="more" onClick={() => openThread(threadId)}>
          Open its thread
        </button>
      ))}
    </>
  );
}

interface CallProps {
  readonly name: string;
  readonly input: unknown;
  readonly output: string;
  readonly durationMs: number | null;
}

function Call({ name, input, output, durationMs }: CallProps) {
  return (
    <Fold
      summary={
        <span>
          <span class="mono strong">{name}</span> <span class="mono muted">{compact(input)}</span>{" "}
          <Took ms={durationMs} />
        </span>
      }
      isOpen={output !== "" && output.length < 400}
    >
      {() => (
        <>
          {input !== null && <JsonView value={input} depth={1} />}
          {output !== "" && <pre class="output">{output}</pre>}
        </>
      )}
    </Fold>
  );
}

export function Took({ ms }: { readonly ms: number | null }) {
  return ms === null || ms < 1 ? null : <span class="took">{duration(ms)}</span>;
}

function compact(value: unknown): string {
  const text = jsonText(value);
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
}

function shown(source: string | null): string {
  if (source === null) return "";
  return source.startsWith("data:") ? "" : source;
}
