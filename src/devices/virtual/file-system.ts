import { lstatSync, realpathSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join, posix, relative, resolve as resolveHost, sep } from 'node:path'
import { systemCodeOf } from '../../core/errors.js'

/** A path the shell user may not use, in the words of the phone's errno. */
export type Refusal = 'Permission denied' | 'Read-only file system' | 'No such file or directory'

export type Located =
  | { readonly kind: 'file'; readonly hostPath: string; readonly phonePath: string }
  | { readonly kind: 'proc'; readonly text: string }
  | { readonly kind: 'refused'; readonly why: Refusal }

/** Names of one place, as the symbolic links of a real phone give them. */
const ALIASES: readonly (readonly [string, string])[] = [
  ['/storage/emulated/0', '/sdcard'],
  ['/storage/self/primary', '/sdcard'],
  ['/mnt/sdcard', '/sdcard'],
  ['/mnt/user/0/primary', '/sdcard'],
  ['/data/user/0', '/data/data'],
]

/** Where the shell user may write. */
const WRITABLE = ['/sdcard', '/data/local/tmp'] as const
/** What the shell user may not even look into (SELinux and mode bits of production builds). */
const DENIED = ['/data', '/sys/class/power_supply', '/sys/kernel', '/root', '/metadata', '/cache'] as const
/** Passages through what is denied. */
const OPEN = ['/data/local', '/data/local/tmp'] as const
const FIXED_FOLDERS = [
  'system/bin',
  'system/etc',
  'vendor/bin',
  'dev',
  'mnt',
  'proc',
  'storage',
  'sys/class',
  'data/app',
]
const SDCARD_FOLDERS = ['Alarms', 'Android', 'DCIM', 'Documents', 'Download', 'Movies', 'Music', 'Pictures']

const within = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`)

/** The phone's files: a real folder of the host, seen as the shell user sees a phone. */
export class PhoneFiles {
  readonly #rootDir: string
  readonly #proc: ReadonlyMap<string, () => string>

  private constructor(rootDir: string, proc: ReadonlyMap<string, () => string>) {
    this.#rootDir = rootDir
    this.#proc = proc
  }

  /**
   * Makes the phone's folders below `rootDir`.
   *
   * @param proc phone paths whose text is made when it is read
   * @param packages apps that have a private folder
   */
  static async create(
    rootDir: string,
    proc: ReadonlyMap<string, () => string>,
    packages: readonly string[],
  ): Promise<PhoneFiles> {
    const folders = [
      ...FIXED_FOLDERS,
      'data/local/tmp',
      ...SDCARD_FOLDERS.map((name) => `sdcard/${name}`),
      ...packages.map((name) => `data/data/${name}/files`),
    ]
    await Promise.all(folders.map((folder) => mkdir(join(rootDir, folder), { recursive: true })))
    return new PhoneFiles(realpathSync(rootDir), proc)
  }

  /** The path without `.`, `..`, doubled slashes and aliases, from `cwd` unless it is absolute. */
  normalize(path: string, cwd = '/'): string {
    const plain = posix.resolve('/', cwd, path)
    const alias = ALIASES.find(([from]) => within(plain, from))
    return alias === undefined ? plain : `${alias[1]}${plain.slice(alias[0].length)}`
  }

  /** What stands behind a phone path for the shell user. A file that is located need not exist. */
  locate(path: string, { cwd = '/', write = false } = {}): Located {
    const phonePath = this.normalize(path, cwd)
    const proc = this.#proc.get(phonePath)
    if (proc !== undefined)
      return write ? { kind: 'refused', why: 'Permission denied' } : { kind: 'proc', text: proc() }
    const why = refusal(phonePath, write)
    if (why !== null) return { kind: 'refused', why }
    const hostPath = join(this.#rootDir, ...phonePath.split('/'))
    if (!hostName(phonePath)) return { kind: 'refused', why: 'No such file or directory' }
    const real = this.#realPhonePath(hostPath)
    if (real === null || refusal(real, write) !== null) return { kind: 'refused', why: 'Permission denied' }
    return { kind: 'file', hostPath, phonePath }
  }

  /**
   * The host's file for an absolute phone path, for file transfer. Null for what the shell user may not reach, for what
   * leaves the phone, and for new names in its read-only part.
   */
  resolve(path: string): string | null {
    if (!path.startsWith('/')) return null
    const located = this.locate(path)
    if (located.kind !== 'file') return null
    if (this.locate(path, { write: true }).kind === 'file') return located.hostPath
    return exists(located.hostPath) ? located.hostPath : null
  }

  /** Names in `/proc` that are made up on reading. */
  procNames(folder: string): string[] {
    const prefix = `${this.normalize(folder)}/`
    const names = [...this.#proc.keys()].filter((path) => path.startsWith(prefix))
    return [...new Set(names.map((path) => path.slice(prefix.length).split('/')[0] ?? ''))]
  }

  /** The phone path that a host path really is once links are followed; null when it leaves the phone. */
  #realPhonePath(hostPath: string): string | null {
    const missing: string[] = []
    let known = hostPath
    while (!exists(known)) {
      missing.unshift(known.slice(known.lastIndexOf(sep) + 1))
      known = resolveHost(known, '..')
    }
    const real = realPath(known)
    if (real === null) return null
    const inside = relative(this.#rootDir, real)
    if (inside === '..' || inside.startsWith(`..${sep}`) || resolveHost(this.#rootDir, inside) !== real) return null
    return posix.join('/', ...inside.split(sep), ...missing)
  }
}

function refusal(phonePath: string, write: boolean): Refusal | null {
  const isOpen = OPEN.some((folder) => phonePath === folder) || WRITABLE.some((folder) => within(phonePath, folder))
  if (!isOpen && DENIED.some((folder) => within(phonePath, folder))) return 'Permission denied'
  if (!write) return null
  if (WRITABLE.some((folder) => within(phonePath, folder))) return null
  return within(phonePath, '/data') || within(phonePath, '/proc') ? 'Permission denied' : 'Read-only file system'
}

/** A phone's file name may be one that the host can't have, or would take for a path. */
function hostName(phonePath: string): boolean {
  return !phonePath.includes('\0') && (sep === '/' || !/[\\:]/.test(phonePath))
}

/** Whether a name is there, be it a link that leads nowhere. */
function exists(hostPath: string): boolean {
  try {
    lstatSync(hostPath)
    return true
  } catch (error) {
    const code = systemCodeOf(error)
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') return false
    // A ring of links: the name is there, and realpath will refuse it.
    if (code === 'ELOOP') return true
    throw error
  }
}

function realPath(hostPath: string): string | null {
  try {
    return realpathSync(hostPath)
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT' || systemCodeOf(error) === 'ELOOP') return null
    throw error
  }
}
