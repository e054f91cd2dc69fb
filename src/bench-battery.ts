import { resolve } from 'node:path'
import type { App } from './app.js'
import { estimate } from './bench/estimate/estimate.js'
import { measureBattery, type RunView } from './bench/measure.js'
import { readRun, storageFailure, writeSamples } from './bench/run-folder.js'
import type { BenchPlan, Run } from './bench/types.js'
import { Interrupted } from './core/interrupt.js'
import { buildReport, type Report } from './report/build.js'
import { writeReport, type ReportFiles } from './report/files.js'
import { renderMarkdown } from './report/markdown.js'

export interface BatteryRequest {
  readonly plan: BenchPlan
  readonly device: string | undefined
  readonly root: string
  readonly skipPreflight: boolean
  readonly signal: AbortSignal
  readonly view: RunView
}

export interface FinishedBattery {
  /** For people: the result in words, and where the files are. */
  readonly text: string
  /** docs/json.md. */
  readonly json: object
  readonly exitCode: number
}

/** One battery run on one phone, from choosing the phone to the report on the disk. */
export async function benchBattery(app: App, request: BatteryRequest): Promise<FinishedBattery> {
  const { plan, skipPreflight, signal, view } = request
  const root = resolve(request.root)
  const { session, reason } = await app.openDevice(request.device, signal)
  try {
    view.chosen(session.device, reason)
    const { clock, version: dalaVersion } = app
    const options = { clock, session, plan, root, dalaVersion, skipPreflight, signal, view }
    const { run, dir } = await measureBattery(options)
    const finished = await finish(run, dir)
    // A run that was stopped has its partial result; the exit code says that it was stopped.
    const stopped = run.manifest?.status === 'interrupted' && signal.reason instanceof Interrupted
    return stopped ? { ...finished, exitCode: signal.reason.exitCode } : finished
  } finally {
    session.close()
  }
}

/**
 * Renders a stored run again, into its own folder or `out`; or a samples.csv from anywhere, into `out` or, without one,
 * as Markdown.
 */
export async function reportBattery(
  typed: string,
  { root, out }: { readonly root: string; readonly out: string | undefined },
): Promise<FinishedBattery> {
  const { run, dir } = await readRun(typed, root)
  const report = buildReport(run, estimate(run))
  const target = out === undefined ? dir : resolve(out)
  const exitCode = verdictExit(report)
  if (target === null) return { text: renderMarkdown(report, null), json: { ...report, files: null }, exitCode }
  const files = await store(run, report, target)
  return { text: text(report, files), json: { ...report, files }, exitCode }
}

async function finish(run: Run, dir: string): Promise<FinishedBattery> {
  const report = buildReport(run, estimate(run))
  const files = await store(run, report, dir)
  const status = run.manifest?.status ?? 'complete'
  const { headline } = report.wording
  return {
    text: text(report, files),
    json: {
      kind: 'battery-run',
      version: 1,
      run: run.manifest?.id,
      dir,
      status,
      headline,
      files,
      estimate: report.estimate,
    },
    exitCode: verdictExit(report),
  }
}

interface StoredFiles extends ReportFiles {
  /** Null for a bare samples.csv: the user has it already. */
  readonly csv: string | null
}

async function store(run: Run, report: Report, dir: string): Promise<StoredFiles> {
  try {
    const csv = run.manifest === null ? null : await writeSamples(run, dir)
    return { csv, ...(await writeReport(report, dir)) }
  } catch (error) {
    throw storageFailure(dir, error)
  }
}

function verdictExit(report: Report): number {
  return report.estimate.verdict === 'invalid' ? 5 : 0
}

function text({ wording }: Report, files: StoredFiles): string {
  const words = [wording.headline, wording.detail].filter((line) => line !== '')
  return [...words, '', `Report: ${files.html}`, `        ${files.markdown}`].join('\n')
}
