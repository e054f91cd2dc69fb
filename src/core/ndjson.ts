import { constants } from 'node:fs'
import { open, readFile, type FileHandle } from 'node:fs/promises'

/** An append-only file of one JSON value a line. */
export interface NdjsonWriter {
  /** Resolves once the line is on the disk (fsync). A line that can't be written whole is taken back. */
  append(value: unknown): Promise<void>
  close(): Promise<void>
}

/** Opens `path` for appending; a torn last line, left by a crash, is cut off first. */
export async function openNdjson(path: string): Promise<NdjsonWriter> {
  // Not with 'a': Windows does not let such a file be cut off.
  const file = await open(path, constants.O_RDWR | constants.O_CREAT)
  let size = (await file.readFile()).lastIndexOf(0x0a) + 1
  await file.truncate(size)
  return {
    async append(value) {
      const line = Buffer.from(`${JSON.stringify(value)}\n`)
      try {
        await writeAll(file, line, size)
        await file.datasync()
      } catch (error) {
        // On a full disk a part of the line may have been written. Should it stay, readers ignore a torn last line.
        await file.truncate(size).catch(() => undefined)
        throw error
      }
      size += line.length
    },
    close: () => file.close(),
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    written += (await file.write(bytes, written, bytes.length - written, position + written)).bytesWritten
  }
}

/** All whole lines of `path`, parsed. A torn last line is ignored: the program died while it wrote it. @throws SyntaxError for a damaged line before the last */
export async function readNdjson(path: string): Promise<unknown[]> {
  const text = await readFile(path, 'utf8')
  const lines = text.split('\n')
  lines.pop()
  return lines.map((line, index) => {
    try {
      return JSON.parse(line) as unknown
    } catch (error) {
      throw new SyntaxError(`line ${index + 1} is no JSON`, { cause: error })
    }
  })
}
