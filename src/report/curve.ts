import type { Report, Series } from './build.js'

export type CurveKey = Exclude<keyof Series, 'elapsedS'>

/** What is drawn of a column, and how. */
export interface CurveKind {
  readonly key: CurveKey
  readonly title: string
  readonly unit: string
  /** A gauge holds its value until its next reading; a sensor's readings are joined. */
  readonly stepped: boolean
}

const KINDS: readonly CurveKind[] = [
  { key: 'chargeMah', title: 'Charge', unit: 'mAh', stepped: true },
  { key: 'levelPct', title: 'Level', unit: '%', stepped: true },
  { key: 'voltageMv', title: 'Voltage', unit: 'mV', stepped: false },
  { key: 'temperatureC', title: 'Temperature', unit: '°C', stepped: false },
]

export interface CurvePoint {
  readonly x: number
  readonly y: number
}

export interface Curve extends CurveKind {
  /** Unbroken stretches; between two of them lies a gap. */
  readonly parts: readonly (readonly CurvePoint[])[]
  /** The curve in a sentence, for those who can't see it. */
  readonly summary: string
}

/** The curves a report can show, the gauge it rests on first; each of at most `maxPoints` points. */
export function curvesOf(report: Report, maxPoints: number): readonly Curve[] {
  const measured = KINDS.filter(({ key }) => report.series[key].some((value) => value !== null))
  return measured.map((kind) => curveOf(report, kind, maxPoints))
}

function curveOf(report: Report, kind: CurveKind, maxPoints: number): Curve {
  const values = report.series[kind.key]
  const points = report.series.elapsedS.flatMap((x, index) => {
    const y = values[index] ?? null
    return y === null ? [] : [{ x, y }]
  })
  const parts = splitAtGaps(points, report.gaps)
  const share = maxPoints / Math.max(1, points.length)
  const thinned = parts.map((part) => thin(part, Math.max(4, Math.floor(part.length * share))))
  return { ...kind, parts: thinned, summary: summarise(kind, points, report.gaps.length) }
}

function splitAtGaps(points: readonly CurvePoint[], gaps: Report['gaps']): CurvePoint[][] {
  const parts: CurvePoint[][] = []
  let gap = 0
  let before: CurvePoint | null = null
  for (const point of points) {
    // Gaps are in order: those that ended before the last point can't lie between it and this one.
    while (before !== null && (gaps[gap]?.toS ?? Infinity) <= before.x) gap += 1
    const crossed = before === null || (gaps[gap]?.fromS ?? Infinity) < point.x
    const current = parts.at(-1)
    if (crossed || current === undefined) parts.push([point])
    else current.push(point)
    before = point
  }
  return parts
}

/** At most `max` points: those at which the value changes, or where these are too many, each bucket's extremes. */
function thin(points: readonly CurvePoint[], max: number): readonly CurvePoint[] {
  const turns = points.filter(
    (point, index) => point.y !== points[index - 1]?.y || point.y !== (points[index + 1] ?? { y: null }).y,
  )
  if (turns.length <= max) return turns
  const buckets = Math.max(1, Math.floor((max - 2) / 2))
  const kept = new Set<CurvePoint>([...turns.slice(0, 1), ...turns.slice(-1)])
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    const from = Math.floor((bucket * turns.length) / buckets)
    const part = turns.slice(from, Math.floor(((bucket + 1) * turns.length) / buckets))
    kept.add(part.reduce((a, b) => (b.y < a.y ? b : a)))
    kept.add(part.reduce((a, b) => (b.y > a.y ? b : a)))
  }
  return [...kept].toSorted((a, b) => a.x - b.x)
}

function summarise(kind: CurveKind, points: readonly CurvePoint[], gaps: number): string {
  const first = points[0]
  const last = points.at(-1)
  if (first === undefined || last === undefined) return `${kind.title}: not measured`
  const minutes = Math.round((last.x - first.x) / 6) / 10
  const broken = gaps === 0 ? '' : `, with ${gaps} ${gaps === 1 ? 'gap' : 'gaps'}`
  return `${kind.title} over ${minutes} min: ${show(first.y)} → ${show(last.y)} ${kind.unit}${broken}`
}

function show(value: number): string {
  return String(Number(value.toFixed(1)))
}
