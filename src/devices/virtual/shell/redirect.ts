import { open, type FileHandle } from 'node:fs/promises'
import { errnoText, type CommandIo, type Output } from './command.js'
import { expandText, type ExpandContext } from './expand.js'
import { IterableInput, bytesInput, type Input } from './pipe.js'
import type { Redirect } from './syntax.js'

/** Streams after redirection, and the files to close when the command has ended. */
export interface Redirected {
  readonly io: CommandIo
  close(): Promise<void>
}

/** A redirection that can't be done; the message is the shell's. */
export class RedirectError extends Error {
  override readonly name = 'RedirectError'
}

/** Applies redirections from left to right. @throws RedirectError */
export async function redirect(
  redirects: readonly Redirect[],
  io: CommandIo,
  context: ExpandContext,
): Promise<Redirected> {
  const handles: FileHandle[] = []
  const inputs: IterableInput[] = []
  const close = async (): Promise<void> => {
    // Whoever reads a file stops before it is closed.
    await Promise.all(inputs.map((input) => input.close()))
    await Promise.all(handles.map((handle) => handle.close()))
  }
  const streams: { stdin: Input; out: Output; err: Output } = {
    stdin: io.stdin,
    out: (data) => io.out(data),
    err: (data) => io.err(data),
  }
  try {
    for (const one of redirects) {
      if (one.kind === 'duplicate') {
        const target = one.to === 1 ? streams.out : streams.err
        streams[one.fd === 1 ? 'out' : 'err'] = target
        continue
      }
      const path = await expandText(one.path, context)
      if (one.kind === 'read') {
        const input = await reader(path, context, handles)
        inputs.push(input)
        streams.stdin = input
        continue
      }
      const writer = await writerTo(path, one.append, { context, handles })
      if (one.fd !== 2) streams.out = writer
      if (one.fd !== 1) streams.err = writer
    }
  } catch (error) {
    await close()
    throw error
  }
  return { io: { ...streams, signal: io.signal }, close }
}

async function reader(path: string, context: ExpandContext, handles: FileHandle[]): Promise<IterableInput> {
  const { files, shell } = context
  if (files.normalize(path, shell.cwd) === '/dev/null') return bytesInput('')
  const located = files.locate(path, { cwd: shell.cwd })
  if (located.kind === 'refused') throw new RedirectError(`can't open ${path}: ${located.why}`)
  if (located.kind === 'proc') return bytesInput(located.text)
  const handle = await openFile(located.hostPath, 'r', `can't open ${path}`)
  handles.push(handle)
  return new IterableInput(handle.createReadStream({ autoClose: false }) as AsyncIterable<Uint8Array>)
}

async function writerTo(
  path: string,
  append: boolean,
  { context, handles }: { context: ExpandContext; handles: FileHandle[] },
): Promise<Output> {
  const { files, shell } = context
  if (files.normalize(path, shell.cwd) === '/dev/null') return () => Promise.resolve()
  const located = files.locate(path, { cwd: shell.cwd, write: true })
  if (located.kind !== 'file') {
    throw new RedirectError(`can't create ${path}: ${located.kind === 'refused' ? located.why : 'Permission denied'}`)
  }
  const handle = await openFile(located.hostPath, append ? 'a' : 'w', `can't create ${path}`)
  handles.push(handle)
  return async (data) => {
    try {
      await handle.writeFile(data)
    } catch (error) {
      throw new RedirectError(`write error: ${errnoText(error)}`, { cause: error })
    }
  }
}

async function openFile(hostPath: string, flags: string, what: string): Promise<FileHandle> {
  try {
    return await open(hostPath, flags)
  } catch (error) {
    throw new RedirectError(`${what}: ${errnoText(error)}`, { cause: error })
  }
}
