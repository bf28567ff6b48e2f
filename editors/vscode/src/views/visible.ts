/** Outside strings (of records, programs, files) on their way to a person; knows nothing of the editor. */

/** What is not seen, or turns round what is: control characters, marks of direction, fillers, halves of characters. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** A text of one line in which nothing is hidden: U+202E shows as \u{202e}. Tabs stay. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (one) => (one === "\t" ? one : `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`));
}

/** The same of a text of many lines. */
export function visibleLines(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => visible(line))
    .join("\n");
}

/** The same for the editor's notifications, which make links, also of commands, out of `[...](...)`. */
export function notice(text: string): string {
  return visible(text).replaceAll("](", "] (");
}
