import { release } from 'node:os'
import type { Clock } from '../core/clock.js'
import type { Call } from '../core/deadline.js'
import { DalaError } from '../core/errors.js'
import type { DeviceInfo, DeviceSession, FoundDevice, ScreenState } from '../devices/types.js'
import { sampleBattery } from './loop.js'
import { phoneChecks, readyChecks, refuseFailed } from './preflight.js'
import { createRunFolder, runId, runOf, storageFailure, type RunFolder } from './run-folder.js'
import type { BenchPlan, PreflightCheck, Run, RunEvent, RunManifest } from './types.js'

/** Host time for each of the few questions before the clock starts. */
const ASK_TIMEOUT_MS = 10_000

export interface MeasureOptions {
  readonly clock: Clock
  readonly session: DeviceSession
  readonly plan: BenchPlan
  /** Folder that gets the run's own folder. */
  readonly root: string
  readonly dalaVersion: string
  readonly skipPreflight: boolean
  readonly signal: AbortSignal
  readonly view: RunView
}

/** Who is told what happens, after it is on the disk. */
export interface RunView {
  chosen(device: FoundDevice, reason: string): void
  preflight(checks: readonly PreflightCheck[]): void
  started(manifest: RunManifest, dir: string): void
  event(event: RunEvent): void
}

export interface MeasuredRun {
  readonly run: Run
  readonly dir: string
}

/**
 * Checks and prepares the phone, samples it as planned, and leaves a complete run folder but for its reports. An
 * interrupted run is a result too (`run.manifest.status`).
 *
 * @throws DalaError DALA_PREFLIGHT, DALA_DISK_FULL, DALA_DISK, and what the first contact with the phone raises
 */
export async function measureBattery(options: MeasureOptions): Promise<MeasuredRun> {
  const { folder, manifest } = await createRunFolder(options.root, manifestOf(options, await prepare(options)))
  options.view.started(manifest, folder.dir)
  try {
    return { run: await record(options, folder, manifest), dir: folder.dir }
  } finally {
    await folder.journal.close()
  }
}

/** What is known of the phone when it is as ready as we can make it. */
interface Prepared {
  readonly info: DeviceInfo
  readonly appVersion: string | null
  readonly screen: ScreenState | null
  readonly checks: readonly PreflightCheck[]
}

/** Looks first, and touches the phone only when nothing that was seen speaks against a run. */
async function prepare({ session, plan, signal, view, skipPreflight }: MeasureOptions): Promise<Prepared> {
  const call: Call = { signal, timeoutMs: ASK_TIMEOUT_MS }
  const judge = (checks: readonly PreflightCheck[]): void => {
    view.preflight(checks)
    if (!skipPreflight) refuseFailed(checks)
  }
  const info = await session.info(call)
  const appInstalled = await session.isInstalled(plan.app, call)
  const seen = phoneChecks({ info, app: plan.app, appInstalled })
  judge(seen)
  const appVersion = appInstalled ? await session.appVersion(plan.app, call) : null
  // Started before the screen is set, as starting an app wakes some phones.
  const appRefused = appInstalled ? await refusal(session.startApp(plan.app, call)) : null
  const screen = await refusal(session.setScreen(plan.screen, call))
  const [screenFound, screenRefused] = screen instanceof DalaError ? [null, screen] : [screen, null]
  const ready = readyChecks({
    appRefused: appRefused instanceof DalaError ? appRefused : null,
    screenWanted: plan.screen,
    screenFound,
    screenRefused,
  })
  judge(ready)
  return { info, appVersion, screen: screenFound, checks: [...seen, ...ready] }
}

/** The step's result, or the error of a phone that refused it. A phone that is gone can't refuse: that is thrown. */
async function refusal<T>(step: Promise<T>): Promise<T | DalaError> {
  try {
    return await step
  } catch (error) {
    if (error instanceof DalaError && (error.code === 'DALA_DEVICE_UNUSABLE' || error.code === 'DALA_APP_START')) {
      return error
    }
    throw error
  }
}

async function record(options: MeasureOptions, folder: RunFolder, manifest: RunManifest): Promise<Run> {
  const events: RunEvent[] = []
  const { clock, session, plan, signal } = options
  const ended = (status: RunManifest['status']): RunManifest => {
    return { ...manifest, status, endedAt: new Date(clock.wallMs()).toISOString() }
  }
  let status: RunManifest['status'] = 'failed'
  try {
    const timeScale = manifest.simulated?.timeScale ?? 1
    for await (const event of sampleBattery({ clock, session, plan, timeScale, signal })) {
      await folder.journal.append(event)
      events.push(event)
      options.view.event(event)
      if (event.type === 'end') status = event.status
    }
    const final = ended(status)
    await folder.writeManifest(final)
    return runOf(final, events)
  } catch (error) {
    // What went wrong first is told. Without this write the run still reads as one that was cut short.
    await folder.writeManifest(ended('failed')).catch(() => undefined)
    throw storageFailure(folder.dir, error)
  }
}

function manifestOf(options: MeasureOptions, { info, appVersion, screen, checks }: Prepared): RunManifest {
  const { clock, session, plan } = options
  const startedAt = new Date(clock.wallMs())
  const { serial, platform, model, manufacturer, osVersion, build, abi, bootId } = info
  const transport = session.link.transport
  return {
    kind: 'battery-run',
    version: 1,
    id: runId(startedAt, session.device.id, plan.mode),
    status: 'running',
    startedAt: startedAt.toISOString(),
    endedAt: null,
    device: { id: session.device.id, serial, platform, model, manufacturer, osVersion, build, abi, bootId, transport },
    app: { package: plan.app, version: appVersion },
    mode: plan.mode,
    emulatorFlags: null,
    otpRelease: null,
    power: powerOf(info),
    screen: { wanted: plan.screen, atStart: screen },
    plan,
    preflight: checks,
    dala: options.dalaVersion,
    host: { platform: process.platform, release: release(), node: process.version },
    simulated: info.simulated,
  }
}

function powerOf({ battery, powerSaver }: DeviceInfo): RunManifest['power'] {
  const plugged = Object.values(battery?.plugged ?? {})
  return {
    status: battery?.status ?? null,
    plugged: plugged.every((flag) => flag === null) ? null : plugged.includes(true),
    saver: powerSaver,
    levelPct: battery?.levelPct ?? null,
    temperatureC: battery?.temperatureC ?? null,
  }
}
