import type { FileChange, FileChangeEntry } from "../../src/timeline/index.ts";
import { Fold } from "../ui/controls.tsx";
import { shortPath } from "../ui/format.ts";

/** Diffs with more lines are collapsed at first. */
const MANY_LINES = 40;

const VERBS = { add: "Added", delete: "Deleted", update: "Edited" } as const;

/** File changes, each with its coloured diff. */
export function FileChanges({ entry }: { readonly entry: FileChangeEntry }) {
  return (
    <>
      {(entry.state === "declined" || entry.state === "failed") && (
        <span class="tag warn">{entry.state}</span>
      )}
      {entry.files.map((file) => (
        <Fold
          key={file.path}
          class="file"
          isOpen={file.added + file.removed <= MANY_LINES}
          summary={
            <span class="file-head">
              {VERBS[file.kind]}{" "}
              <span class="mono strong" title={file.path}>
                {shortPath(file.path)}
              </span>
              {file.movedTo !== null && <span class="mono"> → {shortPath(file.movedTo)}</span>}
              <span class="added">+{file.added}</span>
              <span class="removed">−{file.removed}</span>
            </span>
          }
        >
          {() => <Diff file={file} />}
        </Fold>
      ))}
    </>
  );
}

const SIGNS = { add: "+", remove: "−", context: " " } as const;

function Diff({ file }: { readonly file: FileChange }) {
  return (
    <div class="diff">
      {file.hunks.map((hunk) => {
        let [before, after] = [hunk.oldStart, hunk.newStart];
        return (
          <div key={`${hunk.oldStart} ${hunk.newStart}`} class="hunk">
            {file.kind === "update" && (
              <div class="hunk-head">
                @@ −{hunk.oldStart} +{hunk.newStart} @@ {hunk.section}
              </div>
            )}
            {hunk.lines.map(({ kind, text }) => {
              const number = kind === "remove" ? before : after;
              if (kind !== "add") before++;
              if (kind !== "remove") after++;
              return (
                <div key={`${kind} ${number}`} class={`diff-line ${kind}`}>
                  <span class="number">{number}</span>
                  <span class="sign">{SIGNS[kind]}</span>
                  <span class="content">{text}</span>
                </div>
              );
            })}
          </div>
        );
      })}
    </div>
  );
}
