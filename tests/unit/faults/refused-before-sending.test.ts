import { describe, expect, it } from "vitest";
import { InvalidInputError, InvalidSchemaError } from "../../../src/index.ts";
import { failureOf } from "../../support/e2e.ts";
import { fakeClient } from "../../support/fake.ts";

/** An object schema whose one property has this schema. */
const withProperty = (value: unknown, more: object = {}) => ({
  type: "object",
  properties: { value },
  required: ["value"],
  additionalProperties: false,
  ...more,
});

async function client() {
  const { server, codex } = fakeClient();
  const thread = await codex.threadStart();
  const before = server.received.length;
  const sentNothing = () => expect(server.received).toHaveLength(before);
  return { codex, thread, sentNothing };
}

describe("a schema that the endpoint's strict mode refuses is an InvalidSchemaError", () => {
  const refused: Record<string, Readonly<Record<string, unknown>>> = {
    "const without type": withProperty({ const: "a" }),
    "enum without type": withProperty({ enum: ["a", "b"] }),
    "true as a schema": withProperty(true),
    "false as a schema": withProperty(false),
    "an empty schema": withProperty({}),
    "an array without items": withProperty({ type: "array" }),
    "a remote $ref": withProperty({ $ref: "https://example.com/schema.json" }),
    "a $ref to nothing": withProperty({ $ref: "#/$defs/none" }),
    "the format uri": withProperty({ type: "string", format: "uri" }),
    "the format byte": withProperty({ type: "string", format: "byte" }),
    contentEncoding: withProperty({ type: "string", contentEncoding: "base64" }),
    oneOf: withProperty({ oneOf: [{ type: "string" }, { type: "number" }] }),
    not: withProperty({ type: "string", not: { type: "number" } }),
    patternProperties: withProperty({ type: "string" }, { patternProperties: {} }),
    "a property that isn't required": withProperty({ type: "string" }, { required: [] }),
    "an open object": withProperty({ type: "string" }, { additionalProperties: true }),
    "an open object inside": withProperty({ type: "object", properties: {}, required: [] }),
    "no object at the root": { type: "array", items: { type: "string" } },
    "anyOf at the root": { anyOf: [withProperty({ type: "string" })] },
    "a type that doesn't exist": withProperty({ type: "text" }),
    "a const inside an array": withProperty({ type: "array", items: { const: 1 } }),
    "true inside anyOf": withProperty({ anyOf: [{ type: "string" }, true] }),
    "a remote $ref inside $defs": withProperty(
      { $ref: "#/$defs/a" },
      { $defs: { a: { type: "array", items: { $ref: "other.json" } } } },
    ),
  };
  it.each(Object.entries(refused))("%s", async (_what, outputSchema) => {
    const { codex, thread, sentNothing } = await client();
    const error = await failureOf(thread.run("go", { outputSchema }));
    expect(error).toBeInstanceOf(InvalidSchemaError);
    sentNothing();
    await codex.close();
  });

  const accepted: Record<string, Readonly<Record<string, unknown>>> = {
    "const with type": withProperty({ type: "string", const: "a" }),
    "enum with type": withProperty({ type: "string", enum: ["a", "b"] }),
    "an array with items": withProperty({ type: "array", items: { type: "string" } }),
    "a local $ref": withProperty({ $ref: "#/$defs/a" }, { $defs: { a: { type: "string" } } }),
    "a nullable type": withProperty({ type: ["string", "null"] }),
    anyOf: withProperty({ anyOf: [{ type: "string" }, { type: "null" }] }),
    "the format date-time": withProperty({ type: "string", format: "date-time" }),
  };
  it.each(Object.entries(accepted))("but not %s", async (_what, outputSchema) => {
    const { server, codex } = fakeClient();
    const thread = await codex.threadStart();
    const starting = thread.turn("go", { outputSchema });
    const request = await server.request("turn/start");
    expect(request.params.outputSchema).toMatchObject(outputSchema);
    request.respond({ turn: { id: "u1" } });
    await starting;
    await codex.close();
  });
});

describe("an image that can't be decoded is an InvalidInputError", () => {
  const base64 = (bytes: string | Buffer) => Buffer.from(bytes).toString("base64");
  const PNG_START = Buffer.from("89504e470d0a1a0a", "hex");
  const refused: Record<string, string> = {
    "text in the place of an image": `data:image/png;base64,${base64("no image")}`,
    "a PNG that ends after its signature": `data:image/png;base64,${base64(PNG_START)}`,
    "no base64": "data:image/png;base64,%%%",
    nothing: "data:image/png;base64,",
    "another type": `data:text/plain;base64,${base64("text")}`,
  };
  it.each(Object.entries(refused))("%s", async (_what, url) => {
    const { codex, thread, sentNothing } = await client();
    const error = await failureOf(thread.run(["look", { type: "image", url }]));
    expect(error).toBeInstanceOf(InvalidInputError);
    sentNothing();
    await codex.close();
  });
});
