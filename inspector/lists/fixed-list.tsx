import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

export interface FixedListProps {
  readonly label: string;
  readonly class?: string;
  readonly count: number;
  /** In pixels. */
  readonly rowHeight: number;
  readonly keyAt: (index: number) => string | number;
  readonly row: (index: number) => ComponentChildren;
  readonly rowClass?: (index: number) => string;
  /** -1: none. */
  readonly selected: number;
  readonly onSelect: (index: number) => void;
  /** Called for Enter and a double click. */
  readonly onOpen?: (index: number) => void;
  /** Called when the last row becomes visible. */
  readonly onEnd?: () => void;
  /** Whether to keep showing the last row when rows are added. */
  readonly follows?: boolean;
}

const OVERSCAN = 6;
/** Within this distance, the list counts as being at its end, in pixels. */
const NEAR = 4;

/** A list of rows of the same height that renders only the visible ones. The arrow keys select. */
export function FixedList(props: FixedListProps) {
  const { label, count, rowHeight, keyAt, row, selected, onSelect, onOpen, follows } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(600);

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setHeight(element.clientHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element && follows && isAtEnd.current) element.scrollTop = element.scrollHeight;
  }, [count, follows, height]);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element || selected < 0) return;
    const [from, to] = [selected * rowHeight, (selected + 1) * rowHeight];
    if (from < element.scrollTop) element.scrollTop = from;
    else if (to > element.scrollTop + element.clientHeight)
      element.scrollTop = to - element.clientHeight;
  }, [selected, rowHeight]);

  const onScroll = () => {
    const element = scroller.current;
    if (!element) return;
    setTop(element.scrollTop);
    isAtEnd.current = element.scrollTop + element.clientHeight >= element.scrollHeight - NEAR;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const next = nextIndex(event.key, selected, count, Math.floor(height / rowHeight));
    if (next !== undefined) onSelect(next);
    else if (event.key === "Enter" && selected >= 0) onOpen?.(selected);
    else return;
    event.preventDefault();
  };

  const first = Math.max(0, Math.floor(top / rowHeight) - OVERSCAN);
  const last = Math.min(count, Math.ceil((top + height) / rowHeight) + OVERSCAN);
  const isEndShown = last === count;
  const { onEnd } = props;
  useEffect(() => {
    if (isEndShown) onEnd?.();
  }, [isEndShown, onEnd, count]);
  const shown = Array.from({ length: Math.max(0, last - first) }, (_, index) => first + index);
  const idOf = (index: number) => `${label.replaceAll(/\W/g, "-")}-${keyAt(index)}`;
  return (
    <div
      ref={scroller}
      class={`list ${props.class ?? ""}`}
      role="listbox"
      aria-label={label}
      aria-activedescendant={selected >= first && selected < last ? idOf(selected) : undefined}
      tabIndex={0}
      onScroll={onScroll}
      onKeyDown={onKeyDown}
    >
      <div style={{ height: `${count * rowHeight}px` }}>
        {shown.map((index) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus, and names its active option.
          // biome-ignore lint/a11y/useKeyWithClickEvents: the list handles the keys.
          <div
            key={keyAt(index)}
            id={idOf(index)}
            class={`row ${props.rowClass?.(index) ?? ""}`}
            role="option"
            aria-selected={index === selected}
            aria-posinset={index + 1}
            aria-setsize={count}
            style={{ height: `${rowHeight}px`, transform: `translateY(${index * rowHeight}px)` }}
            onClick={() => onSelect(index)}
            onDblClick={() => onOpen?.(index)}
          >
            {row(index)}
          </div>
        ))}
      </div>
    </div>
  );
}

function nextIndex(key: string, at: number, count: number, page: number): number | undefined {
  const within = (index: number) => Math.max(0, Math.min(count - 1, index));
  if (count === 0) return undefined;
  switch (key) {
    case "ArrowDown":
    case "j":
      return within(at + 1);
    case "ArrowUp":
    case "k":
      return within(at === -1 ? count - 1 : at - 1);
    case "PageDown":
      return within(at + page);
    case "PageUp":
      return within(at - page);
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return undefined;
  }
}
