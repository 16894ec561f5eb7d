/**
 * The next mark within a block of Markdown: code, bold (two ways), italic, or the label and target of a
 * link. Each is looked for in 500 characters at most, so that the search takes linear time.
 */
export const INLINE_MARK =
  /(?<!`)(`{1,3})(?!`)(.{1,500}?)\1(?!`)|\*\*(.{1,500}?)\*\*|__(.{1,500}?)__|\*([^\s*][^*]{0,500})\*|\[([^\]]{0,500})\]\(([^)\s]{1,500})\)/s;
