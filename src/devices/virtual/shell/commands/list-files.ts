import { lstat, readdir, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { Stats } from 'node:fs'
import { fail, type CommandContext, type CommandTable } from '../command.js'
import { parseOptions } from '../options.js'
import { PhoneFileError, forEachPath, hostFile, orPhoneError } from '../phone-file.js'
import { formatDate } from './date.js'

interface Row {
  readonly name: string
  readonly stats: Stats
}

/** `ls`: one name a line, as when its output is no terminal. */
async function ls(context: CommandContext): Promise<number> {
  const { flags, operands, problem } = parseOptions(context.args, { flags: 'la1AdhFnZiRt' })
  if (problem !== null) return fail(context, problem)
  const paths = operands.length === 0 ? ['.'] : operands
  return forEachPath(context, paths, async (path) => {
    const rows = await rowsOf(context, path, flags)
    const isFolder = rows.folder && operands.length > 1
    if (isFolder) await context.out(`${path}:\n`)
    if (flags.has('l') && rows.folder) await context.out(`total ${rows.rows.length * 4}\n`)
    await context.out(flags.has('l') ? longRows(rows.rows) : rows.rows.map(({ name }) => `${name}\n`).join(''))
  })
}

async function rowsOf(
  context: CommandContext,
  path: string,
  flags: ReadonlySet<string>,
): Promise<{ folder: boolean; rows: Row[] }> {
  const { files } = context.machine.parts
  const proc = files.locate(path, { cwd: context.shell.cwd })
  // What /proc makes up on reading is shown with its folder's attributes.
  const real = proc.kind === 'proc' ? '/proc' : path
  const hostPath = hostFile(context, real, { write: false })
  const stats = await orPhoneError(lstat(hostPath))
  if (proc.kind === 'proc' || !stats.isDirectory() || flags.has('d'))
    return { folder: false, rows: [{ name: path, stats }] }
  const names = [
    ...(await orPhoneError(readdir(hostPath))),
    ...files.procNames(files.normalize(path, context.shell.cwd)),
  ]
  const shown = [...new Set(names)]
    .filter((name) => flags.has('a') || flags.has('A') || !name.startsWith('.'))
    .toSorted()
  const rows: Row[] = []
  for (const name of flags.has('a') ? ['.', '..', ...shown] : shown) {
    rows.push({ name, stats: await statOr(join(hostPath, name), stats) })
  }
  return { folder: true, rows }
}

/** A name of `/proc` has no file of its own: it is shown as its folder's. */
async function statOr(hostPath: string, fallback: Stats): Promise<Stats> {
  try {
    return await orPhoneError(lstat(hostPath))
  } catch (error) {
    if (error instanceof PhoneFileError) return fallback
    throw error
  }
}

/** Toybox makes its columns as wide as what stands in them. */
function longRows(rows: readonly Row[]): string {
  const width = (of: (stats: Stats) => number): number =>
    Math.max(...rows.map(({ stats }) => String(of(stats)).length), 0)
  const [links, size] = [width(({ nlink }) => nlink), width((stats) => stats.size)]
  const line = ({ name, stats }: Row): string =>
    [
      modeText(stats),
      String(stats.nlink).padStart(links),
      'shell shell',
      String(stats.size).padStart(size),
      formatDate('%Y-%m-%d %H:%M', stats.mtimeMs),
      `${name}\n`,
    ].join(' ')
  return rows.map((row) => line(row)).join('')
}

function modeText(stats: Stats): string {
  const bits = Array.from('rwxrwxrwx', (letter, index) => ((stats.mode >> (8 - index)) & 1 ? letter : '-'))
  return `${stats.isDirectory() ? 'd' : stats.isSymbolicLink() ? 'l' : '-'}${bits.join('')}`
}

async function stat(context: CommandContext): Promise<number> {
  const { values, operands, problem } = parseOptions(context.args, { flags: 'Lft', values: 'c' })
  if (problem !== null) return fail(context, problem)
  return forEachPath(context, operands, async (path) => {
    const stats = await orPhoneError(lstat(hostFile(context, path, { write: false })))
    const format = values.get('c') ?? "  File: '%n'\n  Size: %s\tAccess: (%a/%A)\nModify: %y"
    await context.out(
      `${format.replaceAll(/%([nsaAYyFUGug])/g, (_whole, key: string) => statField(key, path, stats))}\n`,
    )
  })
}

function statField(key: string, path: string, stats: Stats): string {
  const fields: Readonly<Record<string, string>> = {
    n: path,
    s: String(stats.size),
    a: (stats.mode & 0o7777).toString(8),
    A: modeText(stats),
    Y: String(Math.floor(stats.mtimeMs / 1000)),
    y: formatDate('%Y-%m-%d %H:%M:%S.000000000 %z', stats.mtimeMs),
    F: stats.isDirectory() ? 'directory' : stats.isSymbolicLink() ? 'symbolic link' : 'regular file',
    U: 'shell',
    G: 'shell',
    u: '2000',
    g: '2000',
  }
  return fields[key] ?? ''
}

async function df(context: CommandContext): Promise<number> {
  const { operands, flags } = parseOptions(context.args, { flags: 'hkHaP' })
  const header = `Filesystem       ${flags.has('h') ? ' Size  Used Avail' : '1K-blocks     Used Available'} Use% Mounted on\n`
  await context.out(header)
  return forEachPath(context, operands.length === 0 ? ['/data/local/tmp', '/sdcard'] : operands, async (path) => {
    const { blocks, bfree, bsize } = await orPhoneError(statfs(hostFile(context, path, { write: false })))
    const [totalKb, freeKb] = [(blocks * bsize) / 1024, (bfree * bsize) / 1024]
    const usedKb = totalKb - freeKb
    const size = (kb: number): string => (flags.has('h') ? `${(kb / 1048576).toFixed(0)}G` : kb.toFixed(0))
    const numbers = [totalKb, usedKb, freeKb].map((kb) => size(kb).padStart(9)).join(' ')
    const mount = path.startsWith('/sdcard') ? '/dev/fuse' : '/dev/block/dm-44'
    const at = path.startsWith('/sdcard') ? '/storage/emulated' : '/data'
    await context.out(`${mount.padEnd(17)}${numbers} ${((usedKb / totalKb) * 100).toFixed(0).padStart(3)}% ${at}\n`)
  })
}

export const LIST_COMMANDS: CommandTable = { ls, stat, df }
