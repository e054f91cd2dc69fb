import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { defer } from './deferred.js'

/** A program that goes on when we end. */
export interface DetachedProcess {
  readonly pid: number
  /** The first line it writes to stdout, without its end; null when stdout ends before. */
  readonly firstLine: Promise<string | null>
  /** Settles when it has ended, never rejects. */
  readonly ended: Promise<{ readonly exitCode: number | null; readonly signal: string | null }>
  /** Lets it go: we neither listen to it nor wait for it any more. */
  release(): void
  /** Ends it at once, without a chance to tidy up. */
  kill(): void
}

export interface DetachedOptions {
  /** The file that its stderr is appended to. Not a pipe, which would break when we end. */
  readonly logFile: string
  readonly cwd: string
}

/** What a program may say before its first line ends, characters. */
const MAX_LINE = 64 * 1024

/**
 * Starts a program that survives us: a session of its own on POSIX, no console window on Windows. `argv` is passed as it
 * is; no shell sees it. Rejects when the program can't be started.
 */
export async function startDetached(
  argv: readonly [string, ...string[]],
  { logFile, cwd }: DetachedOptions,
): Promise<DetachedProcess> {
  // Loaded only where a program is started: most commands start none.
  const { execa } = await import('execa')
  const [file, ...args] = argv
  const log = createWriteStream(logFile, { flags: 'a', mode: 0o600 })
  await once(log, 'open')
  try {
    const child = execa(file, args, {
      cwd,
      detached: true,
      cleanup: false,
      reject: false,
      buffer: false,
      stdin: 'ignore',
      stdout: 'pipe',
      // An open file is handed down as it is: no pipe of ours is between.
      stderr: log,
      windowsHide: true,
    })
    if (child.pid === undefined) throw (await child).cause
    return {
      pid: child.pid,
      firstLine: firstLineOf(child.stdout),
      ended: child.then(({ exitCode, signal }) => ({ exitCode: exitCode ?? null, signal: signal ?? null })),
      release: () => {
        child.stdout.destroy()
        child.unref()
      },
      kill: () => void child.kill('SIGKILL'),
    }
  } finally {
    log.destroy()
  }
}

function firstLineOf(output: NodeJS.ReadableStream): Promise<string | null> {
  const line = defer<string | null>()
  let text = ''
  output.setEncoding('utf8')
  output.on('data', (chunk: string) => {
    text += chunk
    const end = text.indexOf('\n')
    if (end >= 0) line.resolve(text.slice(0, end))
    else if (text.length > MAX_LINE) line.resolve(null)
  })
  for (const event of ['end', 'close', 'error']) output.once(event, () => line.resolve(null))
  return line.promise
}
