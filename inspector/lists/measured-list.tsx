import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { Offsets } from "./offsets.ts";

export interface MeasuredListProps {
  readonly label: string;
  /** Unique keys, one for each row. */
  readonly keys: readonly string[];
  readonly row: (index: number) => ComponentChildren;
  /** Expected height of a row that hasn't been drawn yet, in pixels. */
  readonly estimate: (index: number) => number;
  /** Drawn before the first row. */
  readonly before?: ComponentChildren;
  /** The row to scroll to when this changes. */
  readonly reveal?: string | undefined;
}

const OVERSCAN_PX = 400;
/** Within this distance from its end, the list follows its end while it grows, in pixels. */
const NEAR = 48;

/**
 * A list of rows of any height that renders only the visible ones. It follows its end while it grows;
 * otherwise the visible rows stay where they are.
 */
export function MeasuredList(props: MeasuredListProps) {
  const { label, keys, row, estimate, before, reveal } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const head = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const heights = useRef(new Map<string, number>()).current;
  const [version, setVersion] = useState(0);
  const [view, setView] = useState({ top: 0, height: 800, head: 0 });
  const offsets = useMemo(
    () => new Offsets(keys.map((key, index) => heights.get(key) ?? estimate(index))),
    [keys, version],
  );

  const current = useRef({ keys, offsets, headHeight: view.head });
  current.current = { keys, offsets, headHeight: view.head };

  const observer = useMemo(
    () =>
      new ResizeObserver((entries) => {
        const element = scroller.current;
        let moved = 0;
        let isChanged = false;
        for (const { target } of entries) {
          const { key } = (target as HTMLElement).dataset;
          const measured = (target as HTMLElement).offsetHeight;
          if (key === undefined || measured === 0) continue;
          const { keys, offsets, headHeight } = current.current;
          const index = keys.indexOf(key);
          const known = heights.get(key) ?? (index === -1 ? measured : offsets.heightAt(index));
          heights.set(key, measured);
          if (measured === known) continue;
          isChanged = true;
          const end = headHeight + offsets.startOf(index) + known;
          if (element && index !== -1 && end <= element.scrollTop) moved += measured - known;
        }
        if (!isChanged) return;
        setVersion((before) => before + 1);
        // The visible rows stay where they are, although the height of rows above them has changed.
        if (element && !isAtEnd.current && moved !== 0) element.scrollTop += moved;
      }),
    [heights],
  );
  useEffect(() => () => observer.disconnect(), [observer]);

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const resized = new ResizeObserver(() => {
      const headHeight = head.current?.offsetHeight ?? 0;
      setView((now) => ({ ...now, height: element.clientHeight, head: headHeight }));
    });
    resized.observe(element);
    if (head.current) resized.observe(head.current);
    return () => resized.disconnect();
  }, []);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element && isAtEnd.current) element.scrollTop = element.scrollHeight;
  }, [offsets, view.height, view.head]);
  useLayoutEffect(() => {
    const element = scroller.current;
    const index = reveal === undefined ? -1 : keys.indexOf(reveal);
    if (!element || index === -1) return;
    isAtEnd.current = false;
    element.scrollTop = view.head + offsets.startOf(index) - 12;
  }, [reveal]);

  const onScroll = () => {
    const element = scroller.current;
    if (!element) return;
    const { scrollTop, clientHeight, scrollHeight } = element;
    isAtEnd.current = scrollTop + clientHeight >= scrollHeight - NEAR;
    setView((now) => ({ ...now, top: scrollTop }));
  };

  const from = view.top - view.head;
  const first = offsets.indexAt(from - OVERSCAN_PX);
  const last = Math.min(keys.length, offsets.indexAt(from + view.height + OVERSCAN_PX) + 1);
  return (
    <div
      ref={scroller}
      class="list measured"
      role="log"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable element must be reachable by keyboard.
      tabIndex={0}
      onScroll={onScroll}
    >
      <div ref={head}>{before}</div>
      <div style={{ height: `${offsets.total}px` }} class="rows">
        {keys.slice(first, last).map((key, index) => (
          <div
            key={key}
            data-key={key}
            class="row"
            ref={(element) => {
              if (element) observer.observe(element);
            }}
            style={{ transform: `translateY(${offsets.startOf(first + index)}px)` }}
          >
            {row(first + index)}
          </div>
        ))}
      </div>
    </div>
  );
}
