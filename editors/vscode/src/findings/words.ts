/** The words about problems that are not shown; knows nothing of the editor. */

export function hiddenWords(name: string, findings: number): string {
  const problems = findings === 1 ? "a problem" : `${findings} problems`;
  return `aicheck found ${problems} in ${name} and does not show ${findings === 1 ? "it" : "them"}: by default only AI-written text is shown.`;
}
