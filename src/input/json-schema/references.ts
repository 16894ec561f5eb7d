import { isRecord } from "../../util/describe.ts";
import type { JsonSchema } from "../schema.ts";
import { pointerKey, subschemas } from "../walk-schema.ts";

export const REFERENCE_KEYWORDS: readonly string[] = ["$ref", "$dynamicRef", "$recursiveRef"];

/** The base for names without a scheme, if the schema itself has no `$id`. */
const ROOT = "schema:/";

/**
 * Resolves the references in a schema: parts of the same schema, by pointer, `$anchor` or `$id`.
 */
export class References {
  readonly #root: JsonSchema;
  readonly #named = new Map<string, JsonSchema>();
  /** The base of the references in a schema. */
  readonly #bases = new Map<object, string>();

  constructor(root: JsonSchema) {
    this.#root = root;
    this.#named.set(ROOT, root);
    this.#learn(root, ROOT);
  }

  /** The schema that `ref` in `schema` refers to; undefined if there is none. */
  find(schema: JsonSchema, ref: string): unknown {
    const base = this.#bases.get(schema) ?? this.#bases.get(this.#root) ?? ROOT;
    if (!URL.canParse(ref, base)) return undefined;
    const url = new URL(ref, base);
    const fragment = decode(url.hash.slice(1));
    url.hash = "";
    const document = this.#named.get(url.href);
    if (document === undefined) return undefined;
    if (fragment === "") return document;
    if (!fragment.startsWith("/")) return this.#named.get(`${url.href}#${fragment}`);
    return pointed(document, fragment);
  }

  #learn(schema: JsonSchema, outer: string): void {
    const { $id, $anchor, $dynamicAnchor } = schema;
    const id =
      typeof $id === "string" && URL.canParse($id, outer) ? new URL($id, outer) : undefined;
    const base = id ? withoutFragment(id) : outer;
    if (base !== outer) this.#named.set(base, schema);
    this.#bases.set(schema, base);
    // In draft 7 an `$id` that is only a fragment is an anchor.
    for (const anchor of [$anchor, $dynamicAnchor, id?.hash.slice(1) || undefined]) {
      if (typeof anchor === "string") this.#named.set(`${base}#${anchor}`, schema);
    }
    for (const { schema: inner } of subschemas(schema)) this.#learn(inner, base);
  }
}

function withoutFragment(url: URL): string {
  return url.href.slice(0, url.href.length - url.hash.length);
}

/** The value that a JSON pointer points to. */
function pointed(document: JsonSchema, pointer: string): unknown {
  let value: unknown = document;
  for (const part of pointer.split("/").slice(1)) {
    const key = pointerKey(part);
    if (!(isRecord(value) || Array.isArray(value)) || !Object.hasOwn(value, key)) return undefined;
    value = (value as { [key: string]: unknown })[key];
  }
  return value;
}

function decode(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}
