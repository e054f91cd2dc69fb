import {
  cp as copy,
  lstat,
  mkdir as makeFolder,
  open,
  rename,
  rm as remove,
  rmdir as removeFolder,
  utimes,
} from 'node:fs/promises'
import { posix } from 'node:path'
import { fail, type CommandContext, type CommandTable } from '../command.js'
import { parseOptions } from '../options.js'
import { PhoneFileError, forEachPath, hostFile, orPhoneError } from '../phone-file.js'

async function mkdir(context: CommandContext): Promise<number> {
  const { flags, operands, problem } = parseOptions(context.args, { flags: 'pv', values: 'm' })
  if (problem !== null) return fail(context, problem)
  return forEachPath(context, operands, async (path) => {
    await orPhoneError(makeFolder(hostFile(context, path, { write: true }), { recursive: flags.has('p') }))
  })
}

async function rm(context: CommandContext): Promise<number> {
  const { flags, operands, problem } = parseOptions(context.args, { flags: 'rRfv' })
  if (problem !== null) return fail(context, problem)
  if (operands.length === 0 && !flags.has('f')) return fail(context, 'Needs 1 argument (see "rm --help")')
  const recursive = flags.has('r') || flags.has('R')
  return forEachPath(context, operands, async (path) => {
    const hostPath = hostFile(context, path, { write: true })
    refuseRoots(context, path)
    if (!recursive && (await kindOf(hostPath)) === 'folder') throw new PhoneFileError('is directory')
    await orPhoneError(remove(hostPath, { recursive, force: flags.has('f') }))
  })
}

/** What the phone itself stands on is a mount point or belongs to root: it can't be taken away. */
function refuseRoots({ machine, shell }: CommandContext, path: string): void {
  const phonePath = machine.parts.files.normalize(path, shell.cwd)
  if (phonePath === '/sdcard') throw new PhoneFileError('Device or resource busy')
  if (phonePath === '/data/local/tmp') throw new PhoneFileError('Permission denied')
}

async function rmdir(context: CommandContext): Promise<number> {
  const { operands } = parseOptions(context.args, { flags: 'p' })
  return forEachPath(context, operands, async (path) => {
    const hostPath = hostFile(context, path, { write: true })
    refuseRoots(context, path)
    await orPhoneError(removeFolder(hostPath))
  })
}

async function touch(context: CommandContext): Promise<number> {
  const { operands, flags } = parseOptions(context.args, { flags: 'acm', values: 'dt' })
  return forEachPath(context, operands, async (path) => {
    const hostPath = hostFile(context, path, { write: true })
    if (flags.has('c') && (await kindOf(hostPath)) === null) return
    const now = new Date(context.machine.parts.clock.wallMs())
    if ((await kindOf(hostPath)) !== 'folder') await (await orPhoneError(open(hostPath, 'a'))).close()
    await orPhoneError(utimes(hostPath, now, now))
  })
}

type Transfer = (from: string, to: string) => Promise<void>

/** `mv` and `cp`: the last argument is where to; a folder takes what is given by its own name. */
function transferrer(flags: string, transfer: (recursive: boolean) => { move: boolean; run: Transfer }) {
  return async (context: CommandContext): Promise<number> => {
    const options = parseOptions(context.args, { flags })
    if (options.problem !== null) return fail(context, options.problem)
    const sources = options.operands.slice(0, -1)
    const target = options.operands.at(-1)
    if (target === undefined || sources.length === 0) return fail(context, 'Needs 2 arguments')
    const recursive = ['r', 'R', 'a'].some((flag) => options.flags.has(flag))
    const { move, run } = transfer(recursive)
    return forEachPath(context, sources, async (path) => {
      const from = hostFile(context, path, { write: move })
      if (move) refuseRoots(context, path)
      const fromKind = await kindOf(from)
      if (fromKind === null) throw new PhoneFileError('No such file or directory')
      if (fromKind === 'folder' && !move && !recursive) throw new PhoneFileError('Skipped dir')
      const isFolder = (await kindOf(hostFile(context, target, { write: true }))) === 'folder'
      const to = isFolder ? posix.join(target, posix.basename(path)) : target
      await orPhoneError(run(from, hostFile(context, to, { write: true })))
    })
  }
}

const mv = transferrer('fin', () => ({ move: true, run: (from, to) => rename(from, to) }))
const cp = transferrer('rRafpin', (recursive) => ({ move: false, run: (from, to) => copy(from, to, { recursive }) }))

async function kindOf(hostPath: string): Promise<'file' | 'folder' | null> {
  try {
    return (await orPhoneError(lstat(hostPath))).isDirectory() ? 'folder' : 'file'
  } catch (error) {
    if (error instanceof PhoneFileError && error.message === 'No such file or directory') return null
    throw error
  }
}

export const CHANGE_COMMANDS: CommandTable = { mkdir, rmdir, rm, touch, mv, cp }
