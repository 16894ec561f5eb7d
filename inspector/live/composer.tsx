import { useRef, useState } from "preact/hooks";
import { Button } from "../ui/controls.tsx";

interface ComposerProps {
  readonly label: string;
  readonly isRunning: boolean;
  readonly onSend: (text: string) => Promise<unknown>;
  /** Undefined if there is nothing to interrupt. */
  readonly onStop?: () => Promise<unknown>;
}

/** The message box: starts a turn, or steers and interrupts the running one. */
export function Composer({ label, isRunning, onSend, onStop }: ComposerProps) {
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string>();
  const [isSending, setSending] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const attempt = async (work: () => Promise<unknown>) => {
    setProblem(undefined);
    setSending(true);
    try {
      await work();
      return true;
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
      return false;
    } finally {
      setSending(false);
    }
  };
  const send = async () => {
    const given = text.trim();
    if (given === "" || isSending) return;
    setText("");
    if (!(await attempt(() => onSend(given)))) setText((now) => (now === "" ? given : now));
    field.current?.focus();
  };
  return (
    <div class="composer">
      {problem !== undefined && <p class="problem">{problem}</p>}
      <div class="composer-box">
        <textarea
          ref={field}
          aria-label={label}
          placeholder={label}
          rows={Math.min(8, text.split("\n").length)}
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape") event.currentTarget.blur();
            if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            void send();
          }}
        />
        {isRunning && onStop && (
          <Button label="Stop" icon="stop" class="danger" onClick={() => void attempt(onStop)} />
        )}
        <Button
          label={isRunning ? "Steer" : "Send"}
          icon="send"
          class="primary"
          disabled={text.trim() === "" || isSending}
          onClick={() => void send()}
        />
      </div>
    </div>
  );
}
