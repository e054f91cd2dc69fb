import { createHash } from 'node:crypto'

import type { ReportAssets } from './assets.js'
import type { Report, Series } from './build.js'
import { curvesOf, type Curve } from './curve.js'
import { environmentFacts, gapSentences, readingRows, resultFacts, titleOf, type Fact } from './facts.js'
import { drawCurve, SVG_POINTS } from './svg.js'
import { escapeXml, figure, interval } from './text.js'
import { viewOf } from './wording.js'

/** More points make a page slow and show nothing more. */
const CHART_POINTS = 4000
const TABLE_ROWS = 60

/**
 * report.html: one file that asks the network for nothing. It is whole without JavaScript; the client only replaces
 * the drawn curves by charts that can be read off. Its policy allows the very script and style that it carries.
 */
export function renderHtml(report: Report, assets: ReportAssets): string {
  const client = escapeScript(assets.client)
  const parts: Readonly<Record<string, string>> = {
    csp: `default-src 'none'; script-src '${hash(client)}'; style-src '${hash(assets.style)}'; img-src data:; base-uri 'none'; form-action 'none'`,
    title: escapeXml(titleOf(report)),
    style: `<style>${assets.style}</style>`,
    subtitle: escapeXml(subtitle(report)),
    simulated: simulatedNote(report),
    verdict: report.estimate.verdict,
    // A figure and its unit stay on one line.
    headline: escapeXml(report.wording.headline).replaceAll(/(?<=\d) (?=%|mAh)/g, '\u00A0'),
    detail: escapeXml(report.wording.detail),
    verdictWords: escapeXml(report.wording.verdict),
    warnings: warningList(report),
    figures: keyFigures(report),
    curves: curvesOf(report, SVG_POINTS)
      .map((curve) => figureOf(curve, report))
      .join('\n'),
    results: factTable('Result', resultFacts(report)),
    environment: factTable('Environment', environmentFacts(report)),
    readings: readingTable(report),
    data: `<script type="application/json" id="data">${escapeData(JSON.stringify(clientData(report)))}</script>`,
    client: `<script>${client}</script>`,
  }
  // One pass over the template: what a part contains is never taken for a place of another part.
  return assets.page
    .split(/\{\{(\w+)\}\}/)
    .map((piece, index) => (index % 2 === 0 ? piece : (parts[piece] ?? '')))
    .join('')
}

function hash(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}

/** The two things that end or derail a script element (HTML standard, "Restrictions for contents of script elements"). */
function escapeScript(code: string): string {
  return code.replaceAll('<!--', String.raw`<\!--`).replaceAll(/<\/(script)/gi, String.raw`<\/$1`)
}

function escapeData(json: string): string {
  return json
    .replaceAll('<', String.raw`\u003c`)
    .replaceAll('\u2028', String.raw`\u2028`)
    .replaceAll('\u2029', String.raw`\u2029`)
}

function subtitle({ app, plan, startedAt, device }: Report): string {
  const system = device === null ? null : [device.platform, device.osVersion].filter((part) => part !== null).join(' ')
  const screen = plan === null ? null : `screen ${plan.screen}`
  return [app?.package ?? null, system, screen, startedAt].filter((part) => part !== null).join(' · ')
}

function simulatedNote({ wording }: Report): string {
  if (wording.simulated === null) return ''
  return `<p class="simulated"><strong>${escapeXml(wording.simulated)}</strong> From a virtual phone, not a measurement of a real one.</p>`
}

function warningList(report: Report): string {
  const items = [...report.warnings, ...gapSentences(report)].map((text) => `<li>${escapeXml(text)}</li>`)
  if (items.length === 0) return ''
  return `<section aria-labelledby="warnings"><h2 id="warnings">Warnings</h2><ul class="warnings">${items.join('')}</ul></section>`
}

/** The few figures that are read first. */
function keyFigures(report: Report): string {
  const { estimate } = report
  const view = viewOf(estimate)
  const unit = `${view.unit}/h`
  const bound = view.bound
  const bounds = bound === null ? '–' : bound.hi === null ? `≥ ${figure(bound.lo)}` : interval([bound.lo, bound.hi])
  const tiles: readonly (readonly [string, string, string])[] = [
    ['Rate', view.rate === null ? '–' : figure(view.rate), unit],
    ['95 % interval', view.ci95 === null ? '–' : interval(view.ci95), unit],
    ['Whole-run bounds', bounds, unit],
    ['Gauge steps', String(estimate.steps), view.step === null ? 'none seen' : `× ${figure(view.step)} ${view.unit}`],
  ]
  return tiles
    .map(
      ([name, value, rest]) =>
        `<div class="tile"><dt>${name}</dt><dd><span class="value">${value}</span> <span class="unit">${rest}</span></dd></div>`,
    )
    .join('')
}

function figureOf(curve: Curve, report: Report): string {
  return `<figure data-curve="${curve.key}" data-title="${curve.title}" data-unit="${curve.unit}" data-stepped="${curve.stepped}">${drawCurve(curve, report)}<figcaption>${escapeXml(curve.summary)}</figcaption></figure>`
}

function factTable(caption: string, facts: readonly Fact[]): string {
  if (facts.length === 0) return ''
  const rows = facts.map(
    ([name, value]) => `<tr><th scope="row">${escapeXml(name)}</th><td>${escapeXml(value)}</td></tr>`,
  )
  return `<table class="facts"><caption>${caption}</caption><tbody>${rows.join('')}</tbody></table>`
}

function readingTable(report: Report): string {
  const [head = [], ...rows] = readingRows(report, TABLE_ROWS)
  const thinned = rows.length < report.samples ? `, ${rows.length} of ${report.samples}` : ''
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join('')}</tr>`)
  return `<table class="readings"><caption>Readings${thinned}</caption><thead><tr>${head.map((name) => `<th scope="col">${name}</th>`).join('')}</tr></thead><tbody>${body.join('')}</tbody></table>`
}

/** The report with its series thinned for the screen, and an empty row in each gap, at which a line breaks. */
function clientData(report: Report): Report {
  const rows = thinRows(report)
  const pick = (key: keyof Series): (number | null)[] =>
    rows.map((row) => (row.index === null ? null : (report.series[key][row.index] ?? null)))
  return {
    ...report,
    series: {
      elapsedS: rows.map((row) => row.x),
      levelPct: pick('levelPct'),
      chargeMah: pick('chargeMah'),
      voltageMv: pick('voltageMv'),
      temperatureC: pick('temperatureC'),
    },
  }
}

interface Row {
  readonly x: number
  /** Null: a break. */
  readonly index: number | null
}

function thinRows(report: Report): Row[] {
  const { elapsedS, chargeMah, levelPct } = report.series
  const every = Math.ceil(elapsedS.length / CHART_POINTS)
  const kept = elapsedS.flatMap((x, index) => {
    const steps = chargeMah[index] !== chargeMah[index - 1] || levelPct[index] !== levelPct[index - 1]
    return index % every === 0 || (steps && elapsedS.length < 10 * CHART_POINTS) ? [{ x, index }] : []
  })
  const breaks = report.gaps.map((gap) => ({ x: (gap.fromS + gap.toS) / 2, index: null }))
  return [...kept, ...breaks].toSorted((a, b) => a.x - b.x)
}
