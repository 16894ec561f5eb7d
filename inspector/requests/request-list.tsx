import type { PendingRequestData } from "../../src/browser/index.ts";
import type { ThreadFacts } from "../../src/traffic/thread-facts.ts";
import type { LiveClient } from "../live/live-client.ts";
import { RequestCard } from "./request-card.tsx";

interface RequestListProps {
  readonly live: LiveClient;
  readonly requests: readonly PendingRequestData[];
  /** Default "Requests". */
  readonly label?: string;
}

/** The pending requests, oldest first. */
export function RequestList({ live, requests, label = "Requests" }: RequestListProps) {
  if (requests.length === 0) return null;
  const [first] = requests;
  return (
    <section class="requests" aria-label={label}>
      {first && (
        <RequestCard
          key={first.id}
          request={first}
          others={requests.length - 1}
          answer={(optionId, content) => live.client.answer(first.id, optionId, content)}
        />
      )}
    </section>
  );
}

/** The thread on whose page a request is answered: for a sub-agent's request, the user's thread. */
export function rootOf(threadId: string, find: (id: string) => ThreadFacts | undefined): string {
  const seen = new Set<string>();
  let root = threadId;
  for (;;) {
    seen.add(root);
    const parent = find(root)?.parentThreadId;
    if (parent === null || parent === undefined || seen.has(parent)) return root;
    root = parent;
  }
}
