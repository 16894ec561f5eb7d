import type { SourceInfo } from "../../src/inspect/source.ts";

/** The link was already used, or isn't valid. */
export class NotAdmitted extends Error {}

/** Uses the token of the link, and removes it from the address. */
export async function logIn(): Promise<void> {
  const token = location.hash.slice(1);
  if (token === "") return;
  history.replaceState(null, "", location.pathname);
  await checked(await post("login", { token })).then((response) => response.text());
}

export async function info(): Promise<SourceInfo> {
  return (await (await get("info")).json()) as SourceInfo;
}

export async function get(path: string): Promise<Response> {
  return checked(await fetch(path));
}

/** A link that admits another browser. */
export async function newLink(): Promise<string> {
  const { link } = (await (await checked(await post("link", {}))).json()) as { link: string };
  return link;
}

function post(path: string, body: object): Promise<Response> {
  return fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

async function checked(response: Response): Promise<Response> {
  if (response.status === 401) throw new NotAdmitted(await response.text());
  if (!response.ok) throw new Error(await response.text());
  return response;
}
