import type { Report } from './build.js'
import { environmentFacts, gapSentences, resultFacts, titleOf, type Fact } from './facts.js'
import { escapeMarkdown } from './text.js'

/** A comment on a pull request holds 64 KB; gaps beyond this many are summed up. */
const MAX_LINES = 40

/**
 * report.md: the verdict first, then the figures, the curve and the environment. The curve is a sibling file, as hosts
 * of Markdown strip SVG that is written into it.
 *
 * @param curve the curve's file name, relative to the report; null leaves the picture out
 */
export function renderMarkdown(report: Report, curve: string | null = 'battery.svg'): string {
  const { wording } = report
  const lines = [
    `# ${escapeMarkdown(titleOf(report))}`,
    '',
    `**${escapeMarkdown(wording.headline)}**`,
    '',
    ...(wording.detail === '' ? [] : [escapeMarkdown(wording.detail), '']),
    `**${escapeMarkdown(wording.verdict)}.**`,
    '',
    ...(wording.simulated === null
      ? []
      : [`> **${escapeMarkdown(wording.simulated)}**: from a virtual phone, not a measurement of a real one.`, '']),
    ...list(report.warnings.map(escapeMarkdown)),
    ...list(gapSentences(report).map(escapeMarkdown)),
    ...(curve === null ? [] : [`![Battery over time](${encodeURI(curve)})`, '']),
    ...table(['Figure', 'Value'], resultFacts(report)),
    ...details('Environment', table(['What', 'Value'], environmentFacts(report))),
  ]
  return `${lines.join('\n')}\n`
}

function list(items: readonly string[]): string[] {
  if (items.length === 0) return []
  const shown = items.slice(0, MAX_LINES).map((item) => `- ${item}`)
  const rest = items.length - MAX_LINES
  return [...shown, ...(rest > 0 ? [`- … and ${rest} more`] : []), '']
}

function table(head: Fact, facts: readonly Fact[]): string[] {
  if (facts.length === 0) return []
  const rows = facts.map(([name, value]) => `| ${escapeMarkdown(name)} | ${escapeMarkdown(value)} |`)
  return [`| ${head[0]} | ${head[1]} |`, '|:---|---:|', ...rows, '']
}

function details(summary: string, body: readonly string[]): string[] {
  return body.length === 0 ? [] : ['<details>', `<summary>${summary}</summary>`, '', ...body, '</details>']
}
