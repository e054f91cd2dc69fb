import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { buildAssets } from '../../test/support/assets.js'
import { runOf } from '../../test/support/gauge.js'
import { gappyRun, MANIFEST, reportOf, runLike } from '../../test/support/report.js'
import { loadAssets, type ReportAssets } from './assets.js'
import { renderJson, type Report } from './build.js'
import { renderHtml } from './html.js'
import { renderMarkdown } from './markdown.js'
import { renderSvg } from './svg.js'

const HOSTILE = [
  '</script><script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"><svg onload=alert(1)>',
  "$& $` $' $1 {{client}}",
  'a | b\n| c | d |',
  '[x](javascript:alert(1)) **b** `c` @everyone',
  '\u202Egnp.exe',
  '\u001b[31mred\u001b[0m\u009b2J',
  '<!-- \u2028 \u2029',
] as const

let folder = ''
let assets: ReportAssets
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dala-assets-'))
  assets = await loadAssets(await buildAssets(folder))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const formats = (report: Report): Record<string, string> => ({
  json: renderJson(report),
  markdown: renderMarkdown(report),
  svg: renderSvg(report) ?? '',
  html: renderHtml(report, assets),
})
const named = (name: string): Report =>
  reportOf(gappyRun({ device: { ...MANIFEST.device, model: name, id: name }, app: { package: name, version: name } }))

describe('every format', () => {
  it('gives the same bytes for the same run', () => {
    expect(formats(reportOf(gappyRun()))).toEqual(formats(reportOf(gappyRun())))
  })

  it('says that the run was simulated and that readings are missing', () => {
    for (const text of Object.values(formats(reportOf(gappyRun())))) {
      expect(text).toContain('simulated, x60')
      expect(text).toMatch(/no reading/i)
    }
  })

  it.each(HOSTILE)('holds %j harmless', (name) => {
    const all = formats(named(name))
    for (const text of Object.values(all)) {
      // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
      expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
    }
    expect(all['html']).not.toMatch(/<(img|svg onload)/)
    expect(all['html']?.match(/<script/g)).toHaveLength(2)
    expect(all['html']?.match(/<\/script/g)).toHaveLength(2)
    expect(all['markdown']).not.toMatch(/<(?!\/?(details|summary)>)/)
    expect(JSON.parse(all['json'] ?? '')).toMatchObject({ kind: 'battery-report', version: 1 })
  })

  it('keeps a table row a row whatever the name of the phone', () => {
    const rows = renderMarkdown(named('a | b\n| c'))
      .split('\n')
      .filter((line) => line.startsWith('|'))
    for (const row of rows) expect(row.replaceAll(String.raw`\|`, '').match(/\|/g)).toHaveLength(3)
  })

  it('cuts a name of ten megabytes', () => {
    for (const text of Object.values(formats(named('x'.repeat(10_000_000))))) expect(text.length).toBeLessThan(400_000)
  })

  it.each([
    ['no reading', runOf([])],
    ['one reading', runOf([[0, { levelPct: 50 }]])],
    ['a level that does not move', runOf([0, 60, 120].map((t) => [t, { levelPct: 50 }] as const))],
  ])('is made of %s too', (_name, run) => {
    const { html = '', ...others } = formats(reportOf(run))
    const page = html.slice(0, html.lastIndexOf('<script>'))
    for (const text of [page, ...Object.values(others)]) expect(text).not.toMatch(/NaN|Infinity|undefined/)
    for (const text of [others['markdown'], others['svg']]) expect(text).not.toContain('null')
  })
})

describe('report.json', () => {
  it('carries the readings in columns, rounded to what sensors resolve', () => {
    const { series } = reportOf(gappyRun())
    expect(series.chargeMah[0]).toBe(4470)
    expect(new Set(Object.values(series).map((column) => column.length))).toEqual(new Set([series.elapsedS.length]))
  })

  it('gives a counter printed in mAh as mAh', () => {
    const run = gappyRun()
    const samples = run.samples.map((sample) => ({
      ...sample,
      chargeCounterUah: (sample.chargeCounterUah ?? 0) / 1000,
    }))
    expect(reportOf({ ...run, samples }).series.chargeMah[0]).toBe(4470)
  })
})

describe('report.md', () => {
  const markdown = renderMarkdown(reportOf(gappyRun()))

  it('gives the verdict first, the curve as a sibling file, and stays below what a comment holds', () => {
    expect(markdown.indexOf('**simulated, x60: ')).toBeLessThan(100)
    expect(markdown).toContain('![Battery over time](battery.svg)')
    expect(markdown).not.toContain('<svg')
    expect(markdown.length).toBeLessThan(60_000)
  })

  it('sums up a thousand gaps', () => {
    const run = runOf(
      Array.from({ length: 4000 }, (_, i) => [i * 10 + Math.floor(i / 4) * 60, { levelPct: 50 }] as const),
    )
    expect(renderMarkdown(reportOf(run))).toContain('more')
    expect(renderMarkdown(reportOf(run)).length).toBeLessThan(60_000)
  })
})

describe('battery.svg', () => {
  it('breaks the line at a gap and shades it', () => {
    const svg = renderSvg(reportOf(gappyRun())) ?? ''
    expect(svg.match(/class="curve"/g)).toHaveLength(2)
    expect(svg.match(/class="gap"/g)).toHaveLength(1)
    expect(svg).toContain('Charge (mAh)')
    expect(svg).toContain('Time (min)')
  })

  it('draws at most 360 points and keeps the steps', () => {
    const run = runLike({ seed: 5, fullMah: 5000, stepMah: 0.1, rateMah: 600, minutes: 120, pollS: 1 })
    const path = /class="curve" d="([^"]*)"/.exec(renderSvg(reportOf(run)) ?? '')?.[1] ?? ''
    expect(path.match(/[MH]/g)?.length).toBeLessThanOrEqual(360)
    const coarse = runLike({ seed: 5, fullMah: 5000, stepMah: 5, rateMah: 100, minutes: 120, pollS: 1 })
    const { steps } = reportOf(coarse).estimate
    const drops = /class="curve" d="([^"]*)"/.exec(renderSvg(reportOf(coarse)) ?? '')?.[1] ?? ''
    expect(new Set(drops.match(/V[\d.]+/g)).size).toBeGreaterThanOrEqual(steps)
  })
})

describe('report.html', () => {
  const policy = (html: string): string => /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? ''
  const sha = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

  it('allows the very script and style it carries, and nothing else', () => {
    const html = renderHtml(reportOf(gappyRun()), assets)
    const script = /<script>([\s\S]*?)<\/script>/.exec(html)?.[1] ?? ''
    const style = /<style>([\s\S]*?)<\/style>/.exec(html)?.[1] ?? ''
    expect(policy(html)).toBe(
      `default-src 'none'; script-src ${sha(script)}; style-src ${sha(style)}; img-src data:; base-uri 'none'; form-action 'none'`,
    )
    expect(html.match(/<style/g)).toHaveLength(1)
    expect(html.replace(script, '')).not.toMatch(/\s(style|on\w+)=/)
  })

  it('keeps the licence of the chart library', () => {
    expect(assets.client).toMatch(/\/\*![\s\S]*?Chart\.js v4[\s\S]*?MIT License/)
  })

  it('stays within 350 KB, and 110 KB compressed, for half an hour at 1 Hz', () => {
    const run = runLike({ seed: 5, fullMah: 5000, stepMah: 1, rateMah: 100, minutes: 30, pollS: 1, cv: 0.4 })
    const html = Buffer.from(renderHtml(reportOf(run), assets))
    expect(html.length).toBeLessThanOrEqual(350 * 1024)
    expect(gzipSync(html).length).toBeLessThanOrEqual(110 * 1024)
  })

  it('puts every figure of the verdict into the text of the page', () => {
    const report = reportOf(gappyRun())
    const text = renderHtml(report, assets).replace(/<script[\s\S]*/, '')
    for (const number of `${report.wording.headline} ${report.wording.detail}`.match(/\d+(\.\d+)?/g) ?? []) {
      expect(text).toContain(number)
    }
  })
})
