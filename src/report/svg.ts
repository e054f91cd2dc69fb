import { timeAxis, valueAxis, type Axis } from './axis.js'
import type { Report } from './build.js'
import { curvesOf, type Curve } from './curve.js'
import { escapeXml } from './text.js'

/** More points than this can't be told apart at the width drawn. */
export const SVG_POINTS = 360

const WIDTH = 720
const HEIGHT = 280
const PLOT = { left: 64, right: 704, top: 34, bottom: 232 } as const

const STYLE = `
.paper{fill:#fff}.grid{stroke:#e3e6ea;stroke-width:1}.axis{stroke:#8a929c;stroke-width:1}.tick,.name{fill:#59616b}
.head{fill:#1c2127;font-weight:600}.note{fill:#8a5a00;font-weight:600}.curve{fill:none;stroke:#2158c7;stroke-width:2;stroke-linejoin:round}
.gap{fill:#b4690e;fill-opacity:.12}.gap-name{fill:#8a5a00}
text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
@media(prefers-color-scheme:dark){.paper{fill:#14171b}.grid{stroke:#2a2f36}.axis{stroke:#6b747f}.tick,.name{fill:#a7b0bb}
.head{fill:#eceff3}.note,.gap-name{fill:#f0b429}.curve{stroke:#7aa7ff}.gap{fill:#f0b429;fill-opacity:.14}}`

/** battery.svg: the gauge over time as a file of its own, in light and dark. Null when no gauge was read. */
export function renderSvg(report: Report): string | null {
  const curve = curvesOf(report, SVG_POINTS)[0]
  if (curve === undefined) return null
  return `${drawCurve(curve, report, { style: STYLE })}\n`
}

export interface DrawOptions {
  /** A style sheet to carry along; none where the page around has one. */
  readonly style?: string
}

/** A curve as an SVG element with classes and attributes only, so that a strict CSP lets it be. */
export function drawCurve(curve: Curve, report: Report, { style }: DrawOptions = {}): string {
  const x = timeAxis(report.series.elapsedS.reduce((most, value) => Math.max(most, value), 0))
  const ys = curve.parts.flat().map((point) => point.y)
  const y = valueAxis(
    ys.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY),
    ys.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY),
    5,
  )
  const at = { x: scale(x, PLOT.left, PLOT.right), y: scale(y, PLOT.bottom, PLOT.top) }
  const mark = report.wording.simulated
  return [
    `<svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeXml(curve.summary)}">`,
    `<title>${escapeXml(mark === null ? curve.summary : `${curve.summary} (${mark})`)}</title>`,
    style === undefined ? '' : `<style>${style}</style>`,
    `<rect class="paper" width="${WIDTH}" height="${HEIGHT}"/>`,
    `<text class="head" x="${PLOT.left}" y="20">${curve.title} (${curve.unit})</text>`,
    mark === null ? '' : `<text class="note" x="${PLOT.right}" y="20" text-anchor="end">${escapeXml(mark)}</text>`,
    ...y.ticks.map((tick) => yTick(tick, at.y(tick))),
    ...x.ticks.map((tick) => xTick(tick / x.unitS, at.x(tick))),
    `<text class="name" x="${(PLOT.left + PLOT.right) / 2}" y="${HEIGHT - 8}" text-anchor="middle">Time (${x.unit})</text>`,
    ...report.gaps.map((gap) => gapBand(at.x(gap.fromS), at.x(Math.min(gap.toS, x.max)))),
    `<path class="axis" d="M${PLOT.left} ${PLOT.bottom}H${PLOT.right}"/>`,
    ...curve.parts.map((part) => `<path class="curve" d="${pathOf(part, curve.stepped, at)}"/>`),
    '</svg>',
  ].join('')
}

type Scale = (value: number) => number

function scale(axis: Axis, from: number, to: number): Scale {
  const factor = (to - from) / (axis.max - axis.min)
  return (value) => Math.round((from + (value - axis.min) * factor) * 10) / 10
}

function pathOf(
  points: Curve['parts'][number],
  stepped: boolean,
  at: { readonly x: Scale; readonly y: Scale },
): string {
  return points
    .map((point, index) => {
      const [x, y] = [at.x(point.x), at.y(point.y)]
      if (index === 0) return `M${x} ${y}`
      return stepped ? `H${x}V${y}` : `L${x} ${y}`
    })
    .join('')
}

function yTick(value: number, y: number): string {
  const label = `<text class="tick" x="${PLOT.left - 8}" y="${y + 4}" text-anchor="end">${value}</text>`
  return `<path class="grid" d="M${PLOT.left} ${y}H${PLOT.right}"/>${label}`
}

function xTick(value: number, x: number): string {
  const label = Number(value.toFixed(2))
  return `<path class="axis" d="M${x} ${PLOT.bottom}v4"/><text class="tick" x="${x}" y="${PLOT.bottom + 18}" text-anchor="middle">${label}</text>`
}

function gapBand(from: number, to: number): string {
  const width = Math.max(1, Math.round((to - from) * 10) / 10)
  const name =
    width < 60
      ? ''
      : `<text class="gap-name" x="${from + width / 2}" y="${PLOT.top + 16}" text-anchor="middle">no reading</text>`
  return `<rect class="gap" x="${from}" y="${PLOT.top}" width="${width}" height="${PLOT.bottom - PLOT.top}"/>${name}`
}
