import { useEffect, useState } from "preact/hooks";
import { NotAdmitted } from "./data/server.ts";
import { openSession, type Session } from "./data/session.ts";
import { useStore } from "./data/store.ts";
import { Empty } from "./ui/empty.tsx";
import { Workbench } from "./workbench.tsx";

/** The whole page. */
export function App() {
  const [session, setSession] = useState<Session>();
  const [problem, setProblem] = useState<unknown>();
  useEffect(() => {
    openSession().then(setSession, setProblem);
  }, []);
  if (problem instanceof NotAdmitted) {
    return <Empty title="This link has already been used">{problem.message}</Empty>;
  }
  if (problem !== undefined) {
    return <Empty title="The inspector can't be reached">{String(problem)}</Empty>;
  }
  return session ? <Loaded session={session} /> : null;
}

/** The workbench; for a trace, the progress until all of it has been read, so that nothing moves meanwhile. */
function Loaded({ session }: { readonly session: Session }) {
  const { recording, server, info } = session;
  useStore(recording);
  useStore(server);
  if (server.problem !== undefined) {
    return <Empty title="The trace can't be read">{server.problem}</Empty>;
  }
  if (info.kind === "trace" && recording.progress < 1) {
    return (
      <Empty title="Reading the trace…">
        <progress value={recording.progress} aria-label="Reading the trace" />
      </Empty>
    );
  }
  return <Workbench session={session} />;
}
