// A chat in React: a live thread, with its requests to the user.
import { CodexClient, type PendingRequestData } from "codex-app-server/browser";
import { CodexProvider, useThread } from "codex-app-server/react";
import { type Entry, toText } from "codex-app-server/timeline";
import { type FormEvent, StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";

function Chat({ threadId }: { readonly threadId: string }) {
  const { view, requests, status, error, send, interrupt, answer, loadOlder } = useThread(threadId);
  const [text, setText] = useState("");
  const [problem, setProblem] = useState("");
  const turns = view?.turns ?? [];
  const report = (failure: unknown) => setProblem(String(failure));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setText("");
    setProblem("");
    send(text).catch(report);
  };
  return (
    <>
      {view?.hasOlder && (
        <button type="button" onClick={() => loadOlder().catch(report)}>
          Show older turns
        </button>
      )}
      <main>
        {turns.map(({ id, state, entries }) => (
          <section key={id}>
            {entries.map((entry) => (
              <Item key={entry.id} entry={entry} />
            ))}
            {state !== "completed" && <p>{state === "running" ? "Working…" : state}</p>}
          </section>
        ))}
      </main>
      {requests.map((request) => (
        <Request
          key={request.id}
          request={request}
          onAnswer={(option) => answer(request.id, option).catch(report)}
        />
      ))}
      <p role="status">{error?.message ?? (status === "open" ? problem : "Connecting…")}</p>
      <form onSubmit={submit}>
        <input value={text} onChange={({ target }) => setText(target.value)} required />
        <button type="submit">Send</button>
        <button type="button" onClick={() => interrupt().catch(report)}>
          Stop
        </button>
      </form>
    </>
  );
}

function Item({ entry }: { readonly entry: Entry }) {
  const isText = entry.kind === "assistant" || entry.kind === "userMessage";
  return (
    <pre className={`${entry.kind} ${entry.state}`}>{isText ? entry.text : toText(entry)}</pre>
  );
}

interface RequestProps {
  readonly request: PendingRequestData;
  readonly onAnswer: (optionId: string) => void;
}

function Request({ request: { title, detail, options }, onAnswer }: RequestProps) {
  return (
    <aside>
      <strong>{title}?</strong>
      {[...detail.entries()].map(([place, { label, text }]) => (
        <pre key={place}>{`${label}: ${text}`}</pre>
      ))}
      {options.map(({ id, label, grants }) => (
        <button type="button" key={id} onClick={() => onAnswer(id)}>
          {[label, ...grants.map((grant) => `${grant.label}: ${grant.text}`)].join("\n")}
        </button>
      ))}
    </aside>
  );
}

const [token = "", threadId] = location.hash.slice(1).split("/");
const client = new CodexClient({
  url: "/api/codex",
  headers: { authorization: `Bearer ${token}` },
});
const thread = threadId ? client.thread(threadId) : await client.threadStart();
location.hash = `${token}/${thread.id}`;
createRoot(document.body.appendChild(document.createElement("div"))).render(
  <StrictMode>
    <CodexProvider client={client}>
      <Chat threadId={thread.id} />
    </CodexProvider>
  </StrictMode>,
);
