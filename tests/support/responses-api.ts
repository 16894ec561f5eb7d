import type { ScriptedModel } from "../../src/testing/index.ts";

export interface SseEvent {
  readonly type: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read into whatever the model sent
  readonly [field: string]: any;
}

/** Asks the model as the app-server does, with this user text. */
export function ask(
  model: ScriptedModel,
  userText = "hi",
  init: RequestInit & { input?: readonly object[] } = {},
): Promise<Response> {
  const { input = [userMessage(userText)], ...rest } = init;
  return fetch(`${model.url}/responses`, {
    method: "POST",
    body: JSON.stringify({ model: "gpt-5.5", stream: true, input }),
    ...rest,
  });
}

export function userMessage(text: string): object {
  return { type: "message", role: "user", content: [{ type: "input_text", text }] };
}

/** All the events of a response; those whose data isn't JSON have the type "malformed". */
export async function eventsOf(response: Response): Promise<SseEvent[]> {
  const frames = (await response.text()).split("\n\n").filter((frame) => frame !== "");
  return frames.map((frame) => {
    const data = frame.slice(frame.indexOf("data: ") + "data: ".length);
    try {
      return JSON.parse(data);
    } catch {
      return { type: "malformed", data };
    }
  });
}

/** The text of all the deltas of a response. */
export function deltas(events: readonly SseEvent[]): string[] {
  return events.filter((e) => e.type === "response.output_text.delta").map((e) => e.delta);
}
