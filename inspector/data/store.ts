import { useEffect, useState } from "preact/hooks";

/** State that notifies its subscribers of changes, at most once per frame. */
export class Store {
  readonly #listeners = new Set<() => void>();
  #frame = 0;
  #version = 0;

  get version(): number {
    return this.#version;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  changed(): void {
    this.#version++;
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      for (const listener of [...this.#listeners]) listener();
    });
  }
}

/** Renders again when the store has changed. */
export function useStore(store: Store | undefined): number {
  const [, setVersion] = useState(store?.version);
  useEffect(() => {
    if (!store) return;
    const update = () => setVersion(store.version);
    update();
    return store.subscribe(update);
  }, [store]);
  return store?.version ?? 0;
}
