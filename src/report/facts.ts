import { formatDuration } from '../core/duration.js'
import type { Report } from './build.js'
import { describeLiveness } from './liveness.js'
import { figure, interval } from './text.js'
import { viewOf } from './wording.js'

/** A row of a two-column table; plain text, to be escaped by the format. */
export type Fact = readonly [name: string, value: string]

/** The figures of the result with their units; what was not measured is left out, or said to be unknown. */
export function resultFacts(report: Report): Fact[] {
  const { estimate } = report
  const view = viewOf(estimate)
  const unit = `${view.unit}/h`
  const percent = (value: number | null): string | null => (value === null ? null : `${figure(value)} %/h`)
  const method = { 'batch-means': 'batch means, within the run', steps: 'number of steps' }
  const source = estimate.ciMethod === null ? '' : ` (${method[estimate.ciMethod]})`
  return present([
    [
      'Rate',
      view.rate === null ? 'none: fewer than two transitions that could be timed' : `${figure(view.rate)} ${unit}`,
    ],
    ['Rate of the full charge', view.unit === 'mAh' ? percent(estimate.ratePctPerH) : null],
    ['95 % interval', view.ci95 === null ? null : `${interval(view.ci95)} ${unit}${source}`],
    ['Whole-run bounds', bound(view.bound, unit)],
    ['Whole-run bounds by the level', view.unit === 'mAh' ? bound(estimate.boundPctPerH, '%/h') : null],
    ['Gauge error (95 %)', view.halfWidth === null ? null : `±${figure(view.halfWidth)} ${unit}`],
    ['Precision floor of the end points', view.floor === null ? null : `±${figure(view.floor)} ${unit}`],
    ['Gauge step', view.step === null ? 'not seen' : `${figure(view.step)} ${view.unit}`],
    ['Steps seen', String(estimate.steps)],
    ['Full charge', estimate.fullMah === null ? null : `${figure(estimate.fullMah)} mAh (counter by level)`],
    ['Observed', duration(estimate.observedS)],
    ['Poll interval', estimate.pollS === null ? null : duration(estimate.pollS)],
    ['Unchanged readings, longest', estimate.refreshLagS === null ? 'not to be seen' : duration(estimate.refreshLagS)],
    ['Samples', String(report.samples)],
    ['App', describeLiveness(report.liveness)],
  ])
}

/** Where and how it was measured. */
export function environmentFacts(report: Report): Fact[] {
  const { device, app, plan, power, host } = report
  const name = device === null ? null : [device.manufacturer, device.model].filter((part) => part !== null).join(' ')
  const saver = power?.saver == null ? null : power.saver ? 'on' : 'off'
  return present([
    ['Measurement', report.wording.simulated],
    ['Phone', name === '' ? (device?.id ?? null) : name],
    ['Device', device?.id ?? null],
    ['Serial', device?.serial ?? null],
    ['System', device === null ? null : [device.platform, device.osVersion].filter((part) => part !== null).join(' ')],
    ['Build', device?.build ?? null],
    ['ABI', device?.abi ?? null],
    ['Transport', device?.transport ?? null],
    ['App', app === null ? null : [app.package, app.version].filter((part) => part !== null).join(' ')],
    ['Mode', report.mode],
    ['Emulator flags', report.emulatorFlags === null ? null : report.emulatorFlags.join(' ')],
    ['OTP release', report.otpRelease],
    ['Plan', plan === null ? null : `${formatDuration(plan.durationMs)}, every ${formatDuration(plan.intervalMs)}`],
    [
      'Screen',
      report.screen === null ? null : `${report.screen.wanted} (at start: ${report.screen.atStart ?? 'unknown'})`,
    ],
    ['Battery at start', power?.levelPct == null ? null : `${power.levelPct} %`],
    ['Power saver', saver],
    ['Started', report.startedAt],
    ['Ended', report.endedAt],
    ['Run', report.id],
    ['Status', report.status],
    ['dala', report.dala],
    ['Host', host === null ? null : `${host.platform} ${host.release}, Node.js ${host.node}`],
  ])
}

/** What the report is about, in a line. */
export function titleOf(report: Report): string {
  const name = report.device?.model ?? report.device?.id ?? null
  const of = name === null ? 'Battery report' : `Battery report: ${name}`
  return report.mode === null ? of : `${of}, ${report.mode}`
}

/** Each gap in words, where there are several: a single one is among the warnings. */
export function gapSentences(report: Report): string[] {
  if (report.gaps.length < 2) return []
  return report.gaps.map(
    ({ fromS, toS }) =>
      `No reading for ${duration(toS - fromS)}, from ${duration(fromS)} to ${duration(toS)} of the run.`,
  )
}

/** A table of the readings, thinned to about `rows` rows; the first line is its header. */
export function readingRows(report: Report, rows: number): string[][] {
  const { elapsedS, levelPct, chargeMah, voltageMv, temperatureC } = report.series
  const every = Math.max(1, Math.ceil(elapsedS.length / rows))
  const cell = (value: number | null | undefined): string => (value == null ? '–' : String(value))
  const body = elapsedS.flatMap((second, index) =>
    index % every === 0 || index === elapsedS.length - 1
      ? [[second, levelPct[index], chargeMah[index], voltageMv[index], temperatureC[index]].map(cell)]
      : [],
  )
  return [['Time (s)', 'Level (%)', 'Charge (mAh)', 'Voltage (mV)', 'Temperature (°C)'], ...body]
}

function bound(range: { readonly lo: number; readonly hi: number | null } | null, unit: string): string | null {
  if (range === null) return null
  return range.hi === null
    ? `≥ ${figure(range.lo)} ${unit}, no upper bound`
    : `${interval([range.lo, range.hi])} ${unit}`
}

function duration(seconds: number): string {
  return formatDuration(seconds * 1000)
}

function present(facts: readonly (readonly [string, string | null])[]): Fact[] {
  return facts.flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]))
}
