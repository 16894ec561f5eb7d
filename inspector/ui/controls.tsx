import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Icon, type IconName } from "./icons.tsx";

interface ButtonProps {
  readonly label: string;
  readonly onClick: () => void;
  readonly icon?: IconName;
  readonly class?: string;
  readonly disabled?: boolean;
  /** Whether only the icon is shown. */
  readonly isBare?: boolean;
  readonly children?: ComponentChildren;
}

export function Button({ label, onClick, icon, isBare, disabled, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      class={`button ${isBare ? "bare" : ""} ${rest.class ?? ""}`}
      onClick={onClick}
      disabled={disabled}
      title={isBare ? label : undefined}
      aria-label={isBare ? label : undefined}
    >
      {icon && <Icon name={icon} />}
      {!isBare && <span>{children ?? label}</span>}
    </button>
  );
}

const SHOWN_MS = 1_500;

/** Copies a text when clicked, and confirms it. */
export function CopyButton({
  label,
  text,
}: {
  readonly label: string;
  readonly text: () => string;
}) {
  const [isDone, setDone] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = async () => {
    await navigator.clipboard.writeText(text());
    setDone(true);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setDone(false), SHOWN_MS);
  };
  return (
    <button type="button" class="button" onClick={() => void copy()}>
      <Icon name="copy" />
      <span class="swap">
        <span class={isDone ? "away" : ""}>{label}</span>
        <span class={isDone ? "" : "away"} aria-live="polite">
          {isDone ? "Copied" : ""}
        </span>
      </span>
    </button>
  );
}

interface ChipProps {
  readonly label: string;
  readonly isOn: boolean;
  readonly onClick: () => void;
  readonly count?: number;
  readonly class?: string;
}

/** A filter that is on or off. */
export function Chip({ label, isOn, onClick, count, ...rest }: ChipProps) {
  return (
    <button
      type="button"
      class={`chip ${rest.class ?? ""}`}
      aria-pressed={isOn}
      onClick={onClick}
      disabled={count === 0 && !isOn}
    >
      {label}
      {count !== undefined && <span class="count">{count}</span>}
    </button>
  );
}

interface SearchProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export function SearchField({ label, value, onChange }: SearchProps) {
  return (
    <label class="search">
      <Icon name="search" />
      <input
        type="search"
        placeholder={label}
        aria-label={label}
        value={value}
        spellcheck={false}
        onInput={({ currentTarget }) => onChange(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.stopPropagation();
          if (value === "") event.currentTarget.blur();
          onChange("");
        }}
      />
    </label>
  );
}

/** A section that can be collapsed. */
export function Fold(props: {
  readonly summary: ComponentChildren;
  readonly isOpen?: boolean;
  readonly class?: string;
  readonly children: () => ComponentChildren;
}) {
  const [isOpen, setOpen] = useState(props.isOpen ?? false);
  return (
    <div class={`fold ${props.class ?? ""}`}>
      <button
        type="button"
        class="fold-head"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon name="chevron" />
        {props.summary}
      </button>
      {isOpen && props.children()}
    </div>
  );
}
