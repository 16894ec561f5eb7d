import { useEffect, useRef } from "preact/hooks";
import { Button } from "./controls.tsx";

const KEYS: readonly (readonly [string, string])[] = [
  ["1 2 3", "Timeline, waterfall, traffic"],
  ["[ ]", "Previous and next thread"],
  ["/", "Search"],
  ["↑ ↓ or j k", "Select in a list"],
  ["PgUp PgDn Home End", "Move by a page, or to either end of a list"],
  ["Enter", "Open the selection"],
  ["Esc", "Close, or clear the search"],
  ["?", "This list"],
];

/** The list of keys. */
export function Help({ onClose }: { readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="help" onClose={onClose} aria-label="Keys">
      <header class="detail-head">
        <h2>Keys</h2>
        <Button label="Close" icon="close" isBare onClick={onClose} />
      </header>
      <dl>
        {KEYS.map(([keys, what]) => (
          <div key={keys}>
            <dt>
              {keys.split(" ").map((key) => (key === "or" ? " or " : <kbd key={key}>{key}</kbd>))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </dialog>
  );
}
