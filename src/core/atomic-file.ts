import { open, rename, rm } from 'node:fs/promises'

/** Writes `text` to `path` so that a reader, or a crash, sees either the old file or the whole new one. */
export async function writeFileAtomic(path: string, text: string, mode = 0o644): Promise<void> {
  const draft = `${path}.${process.pid}.tmp`
  try {
    const file = await open(draft, 'w', mode)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}
