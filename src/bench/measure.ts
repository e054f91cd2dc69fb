import { release } from 'node:os'
import type { Clock } from '../core/clock.js'
import type { Call } from '../core/deadline.js'
import { DalaError, type ErrorCode } from '../core/errors.js'
import type { DeviceInfo, DeviceSession, FoundDevice } from '../devices/types.js'
import { sampleBattery } from './loop.js'
import { preflight } from './preflight.js'
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
  const { session, plan, signal } = options
  const call: Call = { signal, timeoutMs: ASK_TIMEOUT_MS }
  const found = await prepare(session, plan, call)
  options.view.preflight(found.checks)
  if (!options.skipPreflight) refuseFailed(found.checks)
  const planned = manifestOf(options, found)
  const { folder, manifest } = await createRunFolder(options.root, planned)
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
  readonly checks: readonly PreflightCheck[]
}

async function prepare(session: DeviceSession, plan: BenchPlan, call: Call): Promise<Prepared> {
  const appInstalled = await session.isInstalled(plan.app, call)
  const appVersion = appInstalled ? await session.appVersion(plan.app, call) : null
  // Started before the screen is set, as starting an app wakes some phones.
  if (appInstalled) await session.startApp(plan.app, call)
  const screenFound = await session.setScreen(plan.screen, call)
  const info = await session.info(call)
  const facts = { info, app: plan.app, appInstalled, screenWanted: plan.screen, screenFound }
  return { info, appVersion, checks: preflight(facts) }
}

function refuseFailed(checks: readonly PreflightCheck[]): void {
  const failed = checks.filter(({ result }) => result === 'fail')
  const [first, ...others] = failed.map(({ name, fix }) => `${name}: ${fix}`)
  if (first === undefined) return
  const found = failed.map(({ name, found: what }) => `${name}: ${what}`).join('; ')
  const code: ErrorCode = 'DALA_PREFLIGHT'
  throw new DalaError(code, `Cannot start the run as the phone is not ready: ${found}`, {
    fix: [first, ...others, 'Measure all the same (the report will say so): --skip-preflight'],
  })
}

async function record(options: MeasureOptions, folder: RunFolder, manifest: RunManifest): Promise<Run> {
  const events: RunEvent[] = []
  const { clock, session, plan, signal } = options
  const timeScale = manifest.simulated?.timeScale ?? 1
  let status: RunManifest['status'] = 'failed'
  try {
    for await (const event of sampleBattery({ clock, session, plan, timeScale, signal })) {
      await folder.journal.append(event).catch((error: unknown) => {
        throw storageFailure(folder.dir, error)
      })
      events.push(event)
      options.view.event(event)
      if (event.type === 'end') status = event.status
    }
  } finally {
    await finish(folder, { ...manifest, status, endedAt: new Date(clock.wallMs()).toISOString() })
  }
  return runOf({ ...manifest, status, endedAt: new Date(clock.wallMs()).toISOString() }, events)
}

async function finish(folder: RunFolder, manifest: RunManifest): Promise<void> {
  await folder.writeManifest(manifest).catch((error: unknown) => {
    // The journal is what counts: without this write the run still reads as one that was interrupted.
    throw storageFailure(folder.dir, error)
  })
}

function manifestOf(options: MeasureOptions, { info, appVersion, checks }: Prepared): RunManifest {
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
    screen: { wanted: plan.screen, atStart: info.screen },
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
