import { useEffect, useState } from "preact/hooks";
import type { AnswerOption, PendingRequestData } from "../../src/browser/index.ts";
import type { RequestSection } from "../../src/requests/description.ts";
import { contentOf, fieldsOf } from "./form.ts";
import { FormFields } from "./form-fields.tsx";

interface RequestCardProps {
  readonly request: PendingRequestData;
  /** How many other requests are pending. */
  readonly others: number;
  readonly answer: (optionId: string, content: unknown) => Promise<void>;
}

/** Requests that ask for more than yes or no. */
const FORMS: ReadonlySet<PendingRequestData["kind"]> = new Set(["userInput", "form", "url"]);

type Option = Omit<AnswerOption, "label"> & { readonly label: string };

/** Clicks within this time after a request has appeared are ignored: they were meant for something else. In milliseconds. */
const FRESH_MS = 500;

/** A server request, shown exactly, and the answers that it allows. */
export function RequestCard({ request, others, answer }: RequestCardProps) {
  const [isFresh, setFresh] = useState(true);
  const [isSending, setSending] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [values, setValues] = useState<Readonly<Record<string, unknown>>>({});
  useEffect(() => {
    const timer = setTimeout(() => setFresh(false), FRESH_MS);
    return () => clearTimeout(timer);
  }, []);
  const fields = fieldsOf(request.form);
  const choose = async ({ id, effect }: Option) => {
    setSending(true);
    setProblem(undefined);
    try {
      const hasContent = effect === "accept" && fields.length > 0;
      await answer(id, hasContent ? contentOf(fields, values) : undefined);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
      setSending(false);
    }
  };
  return (
    <article class={`request ${request.kind} ${isFresh ? "fresh" : ""}`} aria-label={request.title}>
      <header>
        <h2>{FORMS.has(request.kind) ? request.title : `${request.title}?`}</h2>
        {others > 0 && <span class="muted">and {others} more</span>}
      </header>
      <div class="request-detail">
        {request.detail.map((section) => (
          <Section key={`${section.role} ${section.label}`} section={section} />
        ))}
        {fields.length > 0 && <FormFields fields={fields} values={values} onChange={setValues} />}
      </div>
      {problem !== undefined && <p class="problem">{problem}</p>}
      <div class="actions">
        {optionsOf(request).map((option) => (
          <div key={option.id} class="option">
            <button
              type="button"
              class={`button ${option.effect === "accept" ? "" : "danger"}`}
              disabled={isSending}
              onClick={() => void choose(option)}
            >
              {option.label}
            </button>
            {option.grants.map((grant) => (
              <Section key={grant.label} section={grant} />
            ))}
          </div>
        ))}
      </div>
    </article>
  );
}

/** The options of the request, and declining, which is always possible, even if the server doesn't offer it. */
function optionsOf({ options }: PendingRequestData): readonly Option[] {
  const isListed = options.some(({ id }) => id === "decline");
  return isListed ? options : [...options, DECLINE];
}

const DECLINE: Option = {
  ...{ id: "decline", label: "no; the agent continues without it" },
  ...{ effect: "refuse", grants: [], lasting: false },
};

/** A section, shown as it is: nothing of it may be hidden. */
function Section({ section }: { readonly section: RequestSection }) {
  const { role, label, text, format, omitted } = section;
  return (
    <div class={`section ${role}`}>
      <span class="section-label">{label}</span>
      {format === "diff" ? (
        <pre class="exact">
          {text.split("\n").map((line, index) => (
            <span key={index} class={`line ${diffClass(line)}`}>
              {`${line}\n`}
            </span>
          ))}
        </pre>
      ) : (
        <pre class="exact">{text}</pre>
      )}
      {omitted > 0 && <span class="muted">{omitted} characters were left out</span>}
    </div>
  );
}

function diffClass(line: string): string {
  if (line.startsWith("+")) return "add";
  return line.startsWith("-") ? "remove" : "";
}
