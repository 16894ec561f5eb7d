import { useChat } from "@ai-sdk/react";
import { DefaultChatTransport, type UIMessage } from "ai";
import type { TurnData, TurnMetadata } from "codex-app-server/web";
import { type FormEvent, useState } from "react";
import { createRoot } from "react-dom/client";

type Message = UIMessage<TurnMetadata, TurnData>;
type Part = Message["parts"][number];

const headers = { authorization: `Bearer ${location.hash.slice(1)}` };
const post = (path: string, body: object = {}) =>
  fetch(path, { method: "POST", headers, body: JSON.stringify(body) });

const messages: Message[] = await (await fetch("/api/messages", { headers })).json();
const transport = new DefaultChatTransport<Message>({ headers });

function Chat() {
  const chat = useChat<Message>({ id: "main", messages, resume: true, transport });
  const [text, setText] = useState("");
  const isWorking = chat.status === "submitted" || chat.status === "streaming";
  const send = (event: FormEvent) => {
    event.preventDefault();
    void chat.sendMessage({ text });
    setText("");
  };
  return (
    <>
      {chat.messages.map(({ id, role, parts }) => (
        <article key={id} className={role}>
          {parts.map((part, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: parts are only added
            <PartView key={index} part={part} all={parts} />
          ))}
        </article>
      ))}
      {chat.error && <p role="alert">{chat.error.message}</p>}
      <form onSubmit={send}>
        <input aria-label="Message" value={text} onChange={({ target }) => setText(target.value)} />
        <button type="submit" disabled={isWorking || text === ""}>
          Send
        </button>
      </form>
      {isWorking && (
        <button type="button" onClick={() => post("/api/stop")}>
          Stop
        </button>
      )}
    </>
  );
}

function PartView({ part, all }: { part: Part; all: readonly Part[] }) {
  switch (part.type) {
    case "text":
      return <p className={part.state}>{part.text}</p>;
    case "reasoning":
      return <em>{part.text}</em>;
    case "data-diff":
      return <pre>{part.data.diff}</pre>;
    case "dynamic-tool":
      return (
        <section className={part.toolName}>
          <code>{JSON.stringify(part.input)}</code>
          {part.state === "approval-requested" && <Request id={part.approval.id} all={all} />}
          {part.state === "output-available" && <pre>{JSON.stringify(part.output)}</pre>}
          {part.state === "output-denied" && <b>Not allowed</b>}
          {part.state === "output-error" && <b>{part.errorText}</b>}
        </section>
      );
    default:
      return null;
  }
}

/** What a request asks for, and its options. A request with a form needs its own view. */
function Request({ id, all }: { id: string; all: readonly Part[] }) {
  const part = all.find((one) => one.type === "data-request" && one.id === id);
  if (part?.type !== "data-request") return null;
  const { title, detail, options } = part.data.request;
  return (
    <aside>
      <h2>{title}</h2>
      {[...detail.entries()].map(([place, { label, text }]) => (
        <pre key={place}>{`${label}: ${text}`}</pre>
      ))}
      {options.map(({ id: option, label, grants }) => (
        <button type="button" key={option} onClick={() => post("/api/answer", { id, option })}>
          {[label, ...grants.map((grant) => `${grant.label}: ${grant.text}`)].join("\n")}
        </button>
      ))}
    </aside>
  );
}

createRoot(document.getElementById("root") as HTMLElement).render(<Chat />);
