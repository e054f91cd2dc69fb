import { mkdir, mkdtemp } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, join } from 'node:path'
import type { Clock } from '../../core/clock.js'
import { startAdbd } from './adbd.js'
import { ownerKeys } from './owner-keys.js'
import { createPhone, type Phone } from './phone.js'
import { identityOf } from './process-identity.js'
import { makeDir, registerPhone, removePhone, type VirtualPhone } from './registry.js'

export interface ServeOptions {
  /** Where virtual phones are registered. */
  readonly dir: string
  /** The phone's folder, a direct child of `dir` made by makeHome(). */
  readonly home: string
  readonly profile: string
  /** Major Android version; null: the profile's own. */
  readonly androidVersion: number | null
  readonly seed: number
  /** Phone seconds in one second of ours. */
  readonly timeScale: number
  readonly serial: string
  readonly clock: Clock
  /** Told what goes wrong at the phone's adbd, one line each. */
  readonly log: (line: string) => void
}

/** A virtual phone that this process is. */
export interface ServedPhone {
  readonly phone: VirtualPhone
  /** Ends it and removes all that it kept on the disk. Idempotent. */
  close(): Promise<void>
}

/** Makes a folder for a new phone's files and log. */
export async function makeHome(dir: string): Promise<string> {
  await makeDir(dir)
  return mkdtemp(join(dir, 'phone-'))
}

/** Creates a phone in this process, starts its adbd, and registers it. When it fails, only `home` is left, with its log. */
export async function servePhone(options: ServeOptions): Promise<ServedPhone> {
  const { dir, home, profile, timeScale, serial } = options
  const undo: (() => Promise<void>)[] = []
  let ending: Promise<void> | null = null
  const close = (): Promise<void> => {
    ending ??= undoAll(undo)
    return ending
  }
  try {
    const system = await createSystem(options)
    undo.push(() => system.close())
    const adbd = await startAdbd({
      system,
      strangers: 'accept',
      ownerKeys: () => ownerKeys(homedir()),
      log: options.log,
    })
    undo.push(() => adbd.close())
    const phone = await registerPhone(dir, {
      platform: 'android',
      serial,
      profile,
      model: system.props.get('ro.product.model') ?? null,
      address: `${adbd.address.host}:${adbd.address.port}`,
      timeScale,
      ...(await identityOf(process.pid)),
      home: basename(home),
    })
    undo.push(() => removePhone(dir, phone))
    return { phone, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function createSystem(options: ServeOptions): Promise<Phone> {
  const { home, profile, seed, timeScale, serial, clock, androidVersion } = options
  const rootDir = join(home, 'files')
  await mkdir(rootDir)
  const version = androidVersion === null ? {} : { androidVersion }
  return createPhone({ profile, seed, timeScale, serial, clock, rootDir, ...version })
}

/** Last done, first undone. */
async function undoAll(steps: readonly (() => Promise<void>)[]): Promise<void> {
  for (const step of steps.toReversed()) await step()
}
