import type { Clock } from '../../core/clock.js'
import { DalaError } from '../../core/errors.js'
import { dialTcp, type ByteStream } from '../../core/stream.js'
import { VirtualBattery, type BatteryTruth } from './battery/battery.js'
import type { Charger } from './battery/cache.js'
import { SeededRandom } from './battery/random.js'
import { BatteryService } from './battery/service.js'
import { PhoneFiles } from './file-system.js'
import { Machine } from './machine.js'
import { androidBuild, phoneModel, type PhoneModel } from './models.js'
import { PackageRegistry } from './packages.js'
import { PhoneClock } from './phone-clock.js'
import { PowerState } from './power-state.js'
import { procFiles } from './proc-files.js'
import { ProcessTable } from './processes.js'
import { PropertyStore, phoneProperties } from './properties.js'
import { SettingsStore } from './settings.js'
import { ShellState, type CommandIo } from './shell/command.js'
import { COMMANDS } from './shell/commands/index.js'
import { runInteractive } from './shell/interactive.js'
import { BrokenPipeError, IterableInput } from './shell/pipe.js'
import { Interpreter } from './shell/run.js'
import { keepSettled } from './settling.js'
import type { PhoneSystem, ShellIo } from './system.js'

export interface PhoneOptions {
  /** One of PHONE_MODELS. */
  readonly profile: string
  /** Major Android version, 8 to 16; the profile's own when left out. */
  readonly androidVersion?: number
  /** The same seed gives the same battery, boot id and uptime. */
  readonly seed: number
  /** How many phone seconds pass in a host second; above 0. */
  readonly timeScale: number
  readonly serial: string
  /** An existing folder of its own, for the phone's files. */
  readonly rootDir: string
  readonly clock: Clock
}

/** A simulated phone: what adbd serves, and what a test may do to it behind its back. */
export interface Phone extends PhoneSystem {
  readonly serial: string
  readonly profileName: string
  /** Plugs a charger in, or out: the real thing, unlike `dumpsys battery set`. */
  setCharger(charger: Charger): void
  /** What the battery really holds and has given, now. */
  truth(): BatteryTruth
  /** Ends what runs on the phone. Its files stay. Idempotent. */
  close(): Promise<void>
}

const DIAL_TIMEOUT_MS = 10_000
/** What sh returns when its terminal hangs up. */
const STATUS_HANGUP = 129

/**
 * Boots a virtual phone.
 *
 * @throws DalaError DALA_PROFILE_UNKNOWN for a profile, DALA_USAGE for an Android version that isn't there or a bad time scale
 */
export async function createPhone(options: PhoneOptions): Promise<Phone> {
  const model = phoneModel(options.profile)
  checkTimeScale(options.timeScale)
  const machine = await bootMachine(options, model)
  const interpreter = new Interpreter(machine, COMMANDS)
  const off = new AbortController()
  const running = new Set<Promise<unknown>>()
  running.add(keepSettled(() => void machine.settle(), options.clock, off.signal))
  return {
    serial: options.serial,
    profileName: options.profile,
    get props() {
      return machine.parts.props.all
    },
    run(commandLine, io) {
      const run = runShell(interpreter, commandLine, { io, off: off.signal, device: model.device })
      running.add(run)
      return run.finally(() => running.delete(run))
    },
    resolve: (path) => machine.parts.files.resolve(path),
    openPort: (port) => openPort(port, off.signal),
    setCharger: (charger) => machine.setCharger(charger),
    truth() {
      machine.settle()
      return machine.parts.battery.truth()
    },
    async close() {
      off.abort(new Error('The virtual phone was switched off'))
      await Promise.allSettled(running)
    },
  }
}

function checkTimeScale(timeScale: number): void {
  if (Number.isFinite(timeScale) && timeScale > 0) return
  throw new DalaError('DALA_USAGE', `Cannot use ${timeScale} as a time scale: it must be a number above 0`, {
    fix: ['Give 1 for real time, or 60 for an hour a minute'],
  })
}

async function bootMachine(options: PhoneOptions, model: PhoneModel): Promise<Machine> {
  const androidVersion = options.androidVersion ?? model.androidVersion
  const { apiLevel } = androidBuild(androidVersion)
  const random = new SeededRandom(options.seed)
  const bootedAgoS = random.integer(2 * 3600, 48 * 3600)
  const bootId = uuid(random)
  const clock = new PhoneClock({ clock: options.clock, timeScale: options.timeScale, bootedAgoS })
  const power = new PowerState(bootedAgoS)
  const battery = new VirtualBattery({
    profile: model.battery,
    seed: options.seed,
    startUptimeS: bootedAgoS,
    conditionsAt: (uptimeS) => ({
      workload: 'native',
      screenOn: power.screenOn,
      dozing: power.deepIdle(uptimeS) === 'IDLE',
    }),
  })
  const packages = new PackageRegistry()
  const proc = procFiles({ model, apiLevel, clock, bootId })
  const names = packages.list().map(({ name }) => name)
  return new Machine({
    model,
    apiLevel,
    clock,
    props: new PropertyStore(phoneProperties({ ...options, model, androidVersion })),
    battery,
    batteryService: new BatteryService(battery, (plugged) => power.setPlugged(plugged, clock.uptimeS())),
    power,
    packages,
    processes: new ProcessTable(random.integer(4000, 20_000)),
    settings: new SettingsStore(),
    files: await PhoneFiles.create(options.rootDir, proc, names),
  })
}

function uuid(random: SeededRandom): string {
  return [random.hex(8), random.hex(4), `4${random.hex(3)}`, `a${random.hex(3)}`, random.hex(12)].join('-')
}

interface Session {
  readonly io: ShellIo
  /** Aborted when the phone is switched off. */
  readonly off: AbortSignal
  readonly device: string
}

async function runShell(interpreter: Interpreter, commandLine: string | null, session: Session): Promise<number> {
  const { io, off, device } = session
  const signal = AbortSignal.any([io.signal, off])
  const shell = new ShellState(environment(device))
  const streams: CommandIo = {
    stdin: new IterableInput(io.stdin),
    out: orBroken((data) => io.stdout(data)),
    err: orBroken((data) => io.stderr(data)),
    signal,
  }
  const hungUp = hangUp(signal)
  const prompt = (cwd: string): string => `${device}:${cwd} $ `
  const run =
    commandLine === null
      ? runInteractive(interpreter, shell, { io: streams, prompt })
      : interpreter.runText(commandLine, shell, streams)
  try {
    return await Promise.race([run, hungUp.status])
  } catch (error) {
    if (error instanceof BrokenPipeError) return STATUS_HANGUP
    throw error
  } finally {
    hungUp.stop()
    // A command that reads from a host that has gone ends when its input does; nobody waits for its status any more.
    run.catch(() => undefined)
  }
}

/** A host that takes no more output is a pipe that broke. */
function orBroken(write: CommandIo['out']): CommandIo['out'] {
  return async (data) => {
    if (data.length === 0) return
    try {
      await write(data)
    } catch (error) {
      throw new BrokenPipeError('The host has closed the stream', { cause: error })
    }
  }
}

function hangUp(signal: AbortSignal): { readonly status: Promise<number>; stop(): void } {
  let stop: () => void = () => undefined
  const status = new Promise<number>((resolve) => {
    const onAbort = (): void => resolve(STATUS_HANGUP)
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    stop = () => signal.removeEventListener('abort', onAbort)
  })
  return { status, stop: () => stop() }
}

function environment(device: string): ReadonlyMap<string, string> {
  return new Map([
    ['ANDROID_DATA', '/data'],
    ['ANDROID_ROOT', '/system'],
    ['EXTERNAL_STORAGE', '/sdcard'],
    ['HOME', '/'],
    ['HOSTNAME', device],
    ['LOGNAME', 'shell'],
    ['PATH', '/product/bin:/apex/com.android.runtime/bin:/system/bin:/system/xbin:/vendor/bin'],
    ['SHELL', '/system/bin/sh'],
    ['TMPDIR', '/data/local/tmp'],
    ['USER', 'shell'],
  ])
}

/** The phone's loopback is the host's until the phone has ports of its own. */
function openPort(port: number, signal: AbortSignal): Promise<ByteStream> {
  return dialTcp({ host: '127.0.0.1', port }, { signal, timeoutMs: DIAL_TIMEOUT_MS })
}
