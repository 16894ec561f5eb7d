import { useEffect, useState } from "preact/hooks";
import { NotAdmitted } from "./data/server.ts";
import { openSession, type Session } from "./data/session.ts";
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
    return <Empty title="This link was used already">{problem.message}</Empty>;
  }
  if (problem !== undefined) {
    return <Empty title="The inspector can't be reached">{String(problem)}</Empty>;
  }
  return session ? <Workbench session={session} /> : null;
}
