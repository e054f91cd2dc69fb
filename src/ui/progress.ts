import { formatDuration } from '../core/duration.js'
import { printable } from '../core/printable.js'
import type { Screen } from '../core/screen.js'
import type { PreflightCheck, RunEvent, RunManifest, Sample } from '../bench/types.js'
import type { RunView } from '../bench/measure.js'

const MINUTE_S = 60

/**
 * Shows a run on stderr: on a terminal one line that is rewritten with each sample, elsewhere a plain line a minute of
 * phone time. What was lost, back or tainted gets a line of its own.
 */
export function runProgress(screen: Screen, write: (text: string) => void): RunView {
  const live = screen.live
  let manifest: RunManifest | null = null
  let nextLineS = 0
  let first: Sample | null = null
  const line = (text: string): void => write(live ? `\r\u001B[2K${text}\n` : `${text}\n`)
  const sample = (taken: Sample): void => {
    if (taken.liveness !== 'transport_lost') first ??= taken
    const text = sampleLine(taken, first, manifest)
    if (live) write(`\r\u001B[2K${text.slice(0, screen.width - 1)}`)
    else if (Math.round(taken.elapsedS) >= nextLineS) {
      write(`${text}\n`)
      nextLineS = (Math.floor(Math.round(taken.elapsedS) / MINUTE_S) + 1) * MINUTE_S
    }
  }
  return {
    chosen: ({ id }, reason) => line(printable(`Phone: ${id}, ${reason}`)),
    preflight: (checks) => checks.forEach((check) => line(checkLine(check))),
    started(started, dir) {
      manifest = started
      line(startLine(started, dir))
    },
    event(event) {
      if (event.type === 'sample') sample(event.sample)
      else line(eventLine(event))
    },
  }
}

function checkLine({ name, result, found, fix }: PreflightCheck): string {
  const hint = fix === null ? '' : ` (${fix})`
  return printable(`${result.padEnd(4)} ${name}: ${found}${hint}`)
}

function startLine({ device, plan, simulated }: RunManifest, dir: string): string {
  const what = simulated === null ? '' : `, simulated, x${simulated.timeScale}`
  const length = `${formatDuration(plan.durationMs)}, every ${formatDuration(plan.intervalMs)}`
  return printable(`Measuring ${device.model ?? device.id} (${device.id}${what}) for ${length} into ${dir}`)
}

function sampleLine(sample: Sample, first: Sample | null, manifest: RunManifest | null): string {
  const total = manifest === null ? '' : ` / ${minutes(manifest.plan.durationMs / 1000)}`
  const parts = [`${minutes(sample.elapsedS)}${total}`]
  if (sample.levelPct !== null) parts.push(`${sample.levelPct} %`)
  if (sample.chargeCounterUah !== null) parts.push(`${milli(sample.chargeCounterUah)} mAh`)
  if (sample.chargeCounterUah !== null && first?.chargeCounterUah != null) {
    parts.push(`used ${milli(first.chargeCounterUah - sample.chargeCounterUah)} mAh`)
  }
  parts.push(sample.liveness ?? 'app not watched')
  if (sample.rttMs !== null) parts.push(`${sample.rttMs.toFixed(1)} ms`)
  return parts.join('  ')
}

function eventLine(event: Exclude<RunEvent, { type: 'sample' }>): string {
  const at = minutes(event.atS)
  switch (event.type) {
    case 'lost':
      return printable(`${at}  lost: ${event.reason}`)
    case 'back':
      return `${at}  back after ${formatDuration(event.gapS * 1000)}`
    case 'taint':
      return printable(`${at}  taint ${event.code}: ${event.detail}`)
    case 'note':
      return printable(`${at}  note: ${event.text}`)
    case 'end':
      return `${at}  ${event.status}${event.reason === null ? '' : `: ${event.reason}`}`
  }
}

function minutes(seconds: number): string {
  const whole = Math.round(seconds)
  return `${String(Math.floor(whole / 60)).padStart(2, '0')}:${String(whole % 60).padStart(2, '0')}`
}

function milli(micro: number): string {
  return (micro / 1000).toFixed(1)
}
