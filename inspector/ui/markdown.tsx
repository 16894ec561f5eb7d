import type { ComponentChildren, VNode } from "preact";
import { blocksOf, type MarkdownBlock } from "./markdown-blocks.ts";
import { INLINE_MARK } from "./markdown-inline.ts";

/** A model's text as Markdown. Links show their target, and load nothing. */
export function Markdown({ text }: { readonly text: string }) {
  return <div class="markdown">{blocksOf(text).map(block)}</div>;
}

function block(one: MarkdownBlock, index: number): VNode {
  switch (one.kind) {
    case "code":
      return (
        <pre key={index} class="code">
          {one.text}
        </pre>
      );
    case "heading":
      return (
        <p key={index} class="heading">
          {inline(one.text)}
        </p>
      );
    case "quote":
      return <blockquote key={index}>{inline(one.text)}</blockquote>;
    case "rule":
      return <hr key={index} />;
    case "table":
      return (
        <table key={index}>
          <tbody>
            {one.rows.map((cells, row) => (
              <tr key={row}>
                {cells.map((cell, column) =>
                  row === 0 ? (
                    <th key={column}>{inline(cell)}</th>
                  ) : (
                    <td key={column}>{inline(cell)}</td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      );
    case "list": {
      const items = one.items.map(({ text, depth, mark }, item) => (
        <li key={item} style={{ marginLeft: `${depth * 18}px` }}>
          <span class="mark">{mark}</span>
          <span>{inline(text)}</span>
        </li>
      ));
      return <ul key={index}>{items}</ul>;
    }
    default:
      return <p key={index}>{inline(one.text)}</p>;
  }
}

/** In longer texts, finding the marks could take too long. */
const MAX_INLINE = 10_000;

function inline(text: string): ComponentChildren[] {
  if (text.length > MAX_INLINE) return [text];
  const parts: ComponentChildren[] = [];
  let rest = text;
  for (;;) {
    const found = INLINE_MARK.exec(rest);
    if (!found) return [...parts, rest];
    const [whole, , code, bold, alsoBold, italic, label, target] = found;
    parts.push(rest.slice(0, found.index));
    if (code !== undefined) parts.push(<code>{code}</code>);
    else if (bold ?? alsoBold) parts.push(<strong>{inline(bold ?? alsoBold ?? "")}</strong>);
    else if (italic !== undefined) parts.push(<em>{inline(italic)}</em>);
    else parts.push(<Link label={label ?? ""} target={target ?? ""} />);
    rest = rest.slice(found.index + whole.length);
  }
}

function Link({ label, target }: { readonly label: string; readonly target: string }) {
  const isWeb = /^https?:\/\//.test(target);
  if (!isWeb) return <span title={target}>{label}</span>;
  return (
    <a href={target} target="_blank" rel="noopener noreferrer" title={target}>
      {label}
    </a>
  );
}
