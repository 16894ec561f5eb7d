import { expect, test, vi } from "vitest";
import { CodexClient } from "../../../src/browser/index.ts";
import { waitUntil } from "../../support/wait-until.ts";

test.each(["", ".", ".."])(
  "the id %j, which would lead to another path, isn't asked for",
  async (id) => {
    const fetch = vi.fn(async () => Response.json({}));
    const client = new CodexClient({ url: "http://localhost/api", fetch });
    const refused = { status: 404, code: "NOT_FOUND" };
    await expect(client.thread(id).turn("hi")).rejects.toMatchObject(refused);
    await expect(client.answer(id, "accept")).rejects.toMatchObject(refused);
    const timeline = client.thread(id).timeline();
    await waitUntil("the timeline has ended", () => timeline.status === "closed");
    expect(timeline.error).toMatchObject(refused);
    expect(fetch).not.toHaveBeenCalled();
  },
);

test("an id with dots and slashes stays one part of the path", async () => {
  const fetch = vi.fn(async () => Response.json({}));
  const client = new CodexClient({ url: "http://localhost/api/", fetch });
  await client.thread("../..").interrupt();
  expect(fetch).toHaveBeenCalledWith(
    "http://localhost/api/threads/..%2F../interrupt",
    expect.anything(),
  );
});
