import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { errnoText, type CommandContext } from './command.js'
import { bytesInput, IterableInput, type Input } from './pipe.js'

/** A file that can't be used; the message is the phone's words for why. */
export class PhoneFileError extends Error {
  override readonly name = 'PhoneFileError'
}

/** The host's file behind an argument. @throws PhoneFileError */
export function hostFile(context: CommandContext, path: string, { write }: { write: boolean }): string {
  const located = context.machine.parts.files.locate(path, { cwd: context.shell.cwd, write })
  if (located.kind === 'file') return located.hostPath
  throw new PhoneFileError(located.kind === 'refused' ? located.why : 'Permission denied')
}

/** Lets `use` read a file, and closes it; `-` is the command's input. @throws PhoneFileError */
export async function withInput<T>(
  context: CommandContext,
  path: string,
  use: (input: Input) => Promise<T>,
): Promise<T> {
  if (path === '-') return use(context.stdin)
  const input = await openInput(context, path)
  try {
    return await use(input)
  } finally {
    await input.close()
  }
}

async function openInput(context: CommandContext, path: string): Promise<IterableInput> {
  const located = context.machine.parts.files.locate(path, { cwd: context.shell.cwd })
  if (located.kind === 'proc') return bytesInput(located.text)
  if (located.kind === 'refused') throw new PhoneFileError(located.why)
  if (located.phonePath === '/dev/null') return bytesInput('')
  const info = await orPhoneError(stat(located.hostPath))
  if (info.isDirectory()) throw new PhoneFileError('Is a directory')
  return new IterableInput(createReadStream(located.hostPath) as AsyncIterable<Uint8Array>)
}

/** Turns the host's system errors into the phone's words. */
export async function orPhoneError<T>(operation: Promise<T>): Promise<T> {
  try {
    return await operation
  } catch (error) {
    throw new PhoneFileError(errnoText(error), { cause: error })
  }
}

/** Runs `use` for each path; prints `NAME: PATH: why` for those that fail and returns 1 if any did. */
export async function forEachPath(
  context: CommandContext,
  paths: readonly string[],
  use: (path: string) => Promise<void>,
): Promise<number> {
  let status = 0
  for (const path of paths) {
    try {
      await use(path)
    } catch (error) {
      // Reading can fail after opening did not; what is neither is thrown on by errnoText.
      const why = error instanceof PhoneFileError ? error.message : errnoText(error)
      await context.err(`${context.name}: ${path}: ${why}\n`)
      status = 1
    }
  }
  return status
}
