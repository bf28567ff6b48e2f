/** Findings that another tool reports as well, at the same place; knows nothing of the editor. */

/** What language servers and linters say too; that a text is cut, left out or garbled, only aicheck says. */
const COMMON = /^(SYN|IMP00[1-4]|API)/;

export interface Place {
  line: number;
  character: number;
}

export interface Said {
  source: string;
  code: string;
  message: string;
  severity: number;
  start: Place;
  end: Place;
}

const WARNING = 1;

/** Whether one of the others says the same as `ours`, which stands over the words `text`. */
export function hasTwin(ours: Said, text: string, others: readonly Said[]): boolean {
  if (!COMMON.test(ours.code)) {
    return false;
  }
  return others.some((other) => {
    if (other.source === ours.source || other.severity > WARNING || other.start.line !== ours.start.line) {
      return false;
    }
    // Parsers stumble at different columns; of a name it must be the very name.
    return ours.code.startsWith("SYN") ? other.severity < WARNING : touch(ours, other) && other.message.includes(text);
  });
}

function touch(one: Said, other: Said): boolean {
  return !before(one.end, other.start) && !before(other.end, one.start);
}

function before(one: Place, other: Place): boolean {
  return one.line < other.line || (one.line === other.line && one.character < other.character);
}
