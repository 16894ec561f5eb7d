import { useState } from "preact/hooks";

const LONG = 400;
const MANY = 100;

/** A JSON value as a collapsible tree. */
export function JsonView({
  value,
  depth = 2,
}: {
  readonly value: unknown;
  readonly depth?: number;
}) {
  return (
    <div class="json">
      <Node value={value} open={depth} isLast />
    </div>
  );
}

interface NodeProps {
  readonly name?: string;
  readonly value: unknown;
  /** How many levels are expanded at first. */
  readonly open: number;
  readonly isLast: boolean;
}

function Node({ name, value, open, isLast }: NodeProps) {
  const [isOpen, setOpen] = useState(open > 0);
  const [shown, setShown] = useState(MANY);
  const comma = isLast ? "" : ",";
  const key = name === undefined ? null : <span class="json-key">{JSON.stringify(name)}: </span>;
  if (typeof value !== "object" || value === null) {
    return (
      <div class="json-line">
        {key}
        <Leaf value={value} />
        {comma}
      </div>
    );
  }
  const isArray = Array.isArray(value);
  const members = Object.entries(value);
  const [begin, end] = isArray ? ["[", "]"] : ["{", "}"];
  if (members.length === 0) {
    return (
      <div class="json-line">
        {key}
        {begin}
        {end}
        {comma}
      </div>
    );
  }
  return (
    <div>
      <button
        type="button"
        class="json-line json-toggle"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        {key}
        {begin}
        {!isOpen && (
          <span class="json-summary">
            {isArray ? `${members.length}` : summaryOf(members)}
            {end}
            {comma}
          </span>
        )}
      </button>
      {isOpen && (
        <>
          <div class="json-members">
            {members.slice(0, shown).map(([member, child], index) => (
              <Node
                key={member}
                {...(isArray ? {} : { name: member })}
                value={child}
                open={open - 1}
                isLast={index === members.length - 1}
              />
            ))}
            {members.length > shown && (
              <button type="button" class="more" onClick={() => setShown(shown * 10)}>
                {members.length - shown} more
              </button>
            )}
          </div>
          <div class="json-line">
            {end}
            {comma}
          </div>
        </>
      )}
    </div>
  );
}

function Leaf({ value }: { readonly value: unknown }) {
  const [isWhole, setWhole] = useState(false);
  if (typeof value !== "string") {
    return <span class={`json-${value === null ? "null" : typeof value}`}>{String(value)}</span>;
  }
  const cut = value.length > LONG && !isWhole;
  return (
    <span class="json-string">
      {JSON.stringify(cut ? value.slice(0, LONG) : value)}
      {cut && (
        <button type="button" class="more" onClick={() => setWhole(true)}>
          {value.length - LONG} more characters
        </button>
      )}
    </span>
  );
}

function summaryOf(members: readonly (readonly [string, unknown])[]): string {
  const names = members.slice(0, 3).map(([name]) => name);
  return ` ${names.join(", ")}${members.length > 3 ? ", …" : ""} `;
}
