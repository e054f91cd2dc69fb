import { open, readFile, type FileHandle } from 'node:fs/promises'

/** An append-only file of one JSON value a line. */
export interface NdjsonWriter {
  /** Resolves once the line is on the disk (fsync). A line that can't be written whole is taken back. */
  append(value: unknown): Promise<void>
  close(): Promise<void>
}

/** Opens `path` for appending; a torn last line, left by a crash, is cut off first. */
export async function openNdjson(path: string): Promise<NdjsonWriter> {
  const file = await open(path, 'a+')
  let size = await lastLineEnd(file)
  await file.truncate(size)
  return {
    async append(value) {
      const line = Buffer.from(`${JSON.stringify(value)}\n`)
      try {
        await file.writeFile(line)
        await file.datasync()
      } catch (error) {
        // On a full disk a part of the line may have been written: what follows must not be glued to it.
        await file.truncate(size)
        throw error
      }
      size += line.length
    },
    close: () => file.close(),
  }
}

async function lastLineEnd(file: FileHandle): Promise<number> {
  const bytes = await file.readFile()
  return bytes.lastIndexOf(0x0a) + 1
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
      throw new SyntaxError(`Cannot parse line ${index + 1} of ${path}`, { cause: error })
    }
  })
}
