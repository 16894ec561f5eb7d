import { useState } from "preact/hooks";
import { Composer } from "./composer.tsx";
import type { LiveClient } from "./live-client.ts";

interface NewThreadProps {
  readonly live: LiveClient;
  readonly onStarted: (threadId: string) => void;
}

const CHOICES = {
  sandbox: ["", "read-only", "workspace-write", "danger-full-access"],
  approvalPolicy: ["", "untrusted", "on-request", "never"],
} as const;

/** Starts a thread with its first message. */
export function NewThread({ live, onStarted }: NewThreadProps) {
  const [settings, setSettings] = useState<Readonly<Record<string, string>>>({});
  const set = (name: string, value: string) => setSettings((now) => ({ ...now, [name]: value }));
  const start = async (text: string) => {
    const thread = await live.client.threadStart(settings);
    await thread.turn(text);
    onStarted(thread.id);
  };
  return (
    <div class="new-thread">
      <div class="new-thread-body">
        <h2>New thread</h2>
        <div class="settings">
          <TextSetting
            name="Model"
            value={settings.model}
            onChange={(value) => set("model", value)}
          />
          <TextSetting
            name="Working directory"
            value={settings.cwd}
            onChange={(value) => set("cwd", value)}
          />
          <Choice
            name="Sandbox"
            values={CHOICES.sandbox}
            value={settings.sandbox}
            onChange={(value) => set("sandbox", value)}
          />
          <Choice
            name="Approvals"
            values={CHOICES.approvalPolicy}
            value={settings.approvalPolicy}
            onChange={(value) => set("approvalPolicy", value)}
          />
        </div>
        <Composer label="What should the agent do?" isRunning={false} onSend={start} />
      </div>
    </div>
  );
}

interface SettingProps {
  readonly name: string;
  readonly value: string | undefined;
  readonly onChange: (value: string) => void;
}

function TextSetting({ name, value, onChange }: SettingProps) {
  return (
    <label class="field">
      <span>{name}</span>
      <input
        type="text"
        placeholder="as configured"
        spellcheck={false}
        value={value ?? ""}
        onInput={({ currentTarget }) => onChange(currentTarget.value)}
      />
    </label>
  );
}

function Choice({
  name,
  values,
  value,
  onChange,
}: SettingProps & { readonly values: readonly string[] }) {
  return (
    <label class="field">
      <span>{name}</span>
      <select value={value ?? ""} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
        {values.map((one) => (
          <option key={one} value={one}>
            {one === "" ? "as configured" : one}
          </option>
        ))}
      </select>
    </label>
  );
}
