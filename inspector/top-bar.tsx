import { useState } from "preact/hooks";
import { newLink } from "./data/server.ts";
import type { Usage } from "./data/server-state.ts";
import type { Session } from "./data/session.ts";
import { FleetFacts } from "./fleet/fleet-view.tsx";
import { Button, CopyButton } from "./ui/controls.tsx";
import { bytes, count, duration } from "./ui/format.ts";
import { Icon } from "./ui/icons.tsx";
import { nextTheme } from "./ui/theme.ts";

interface TopBarProps {
  readonly session: Session;
  readonly onHelp: () => void;
  readonly onThread: (threadId: string) => void;
}

/** The inspected source, the state of its server, and the buttons for the whole page. */
export function TopBar({ session, onHelp, onThread }: TopBarProps) {
  const { info, recording, server } = session;
  const { traffic, header, isCut } = recording;
  const requests = session.live?.requests ?? [];
  const waiting = requests.length;
  const first = requests.find(({ threadId }) => threadId !== undefined)?.threadId;
  return (
    <header class="top-bar">
      <img src="./icon.svg" alt="" width="18" height="18" />
      <h1>{info.name || "Codex inspector"}</h1>
      <span class="facts">
        <State session={session} />
        {session.fleet ? (
          <FleetFacts fleet={session.fleet} />
        ) : (
          <>
            <span class="optional messages">
              {count(traffic.sent + traffic.received, "message")}
            </span>
            <span class="optional elapsed">{duration(traffic.endedAt)}</span>
          </>
        )}
        {header && <span class="optional">{header.endpoint.name}</span>}
        {isCut && <span class="tag warn">beginning deleted</span>}
      </span>
      <span class="end" />
      {waiting > 0 && (
        <button type="button" class="badge" onClick={() => first && onThread(first)}>
          {waiting} {waiting === 1 ? "request" : "requests"}
        </button>
      )}
      {recording.isLive && <Meter usage={server.usage} />}
      {!session.fleet && (
        <a
          class="button bare"
          href="./trace"
          download={info.name || "run.jsonl"}
          title="Save the trace"
        >
          <Icon name="download" />
        </a>
      )}
      <LinkButton />
      <Button label="Light or dark" icon="sun" isBare onClick={nextTheme} />
      <Button label="Keys" icon="help" isBare onClick={onHelp} />
    </header>
  );
}

function State({ session: { info, recording, server } }: { readonly session: Session }) {
  if (info.kind === "trace") return <span class="tag">trace</span>;
  if (!server.isConnected) return <span class="tag warn">disconnected</span>;
  return recording.isLive || info.kind === "fleet" ? (
    <span class="tag live">live</span>
  ) : (
    <span class="tag">ended</span>
  );
}

const WIDTH = 60;
const HEIGHT = 16;

/** Processor time and memory of the server's process. */
function Meter({ usage }: { readonly usage: readonly Usage[] }) {
  const last = usage.at(-1);
  if (!last) return null;
  const most = Math.max(100, ...usage.map(({ cpuPercent }) => cpuPercent ?? 0));
  const points = usage.map(({ cpuPercent }, index) => {
    const x = WIDTH - (usage.length - 1 - index) * (WIDTH / 59);
    return `${x.toFixed(1)},${(HEIGHT - 1 - ((cpuPercent ?? 0) / most) * (HEIGHT - 2)).toFixed(1)}`;
  });
  return (
    <span class="meter" title="The server's process: CPU and memory">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} aria-hidden="true">
        <polyline points={points.join(" ")} />
      </svg>
      <span>{`CPU ${Math.round(last.cpuPercent ?? 0)}%`}</span>
      <span>{bytes(last.memoryBytes)}</span>
    </span>
  );
}

/** Creates a link that opens the page in another browser, once. */
function LinkButton() {
  const [link, setLink] = useState<string>();
  if (link !== undefined) return <CopyButton label="Copy link" text={() => link} />;
  return (
    <Button
      label="Link for another browser"
      icon="link"
      isBare
      onClick={() => void newLink().then(setLink, () => {})}
    />
  );
}
