import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { systemCodeOf } from './errors.js'

/**
 * Makes a folder and those above it. Node's own `recursive` never returns where a parent can be seen but takes no
 * folders, such as /proc. Rejects with the system's error.
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path)
  } catch (error) {
    const code = systemCodeOf(error)
    if (code === 'EEXIST') return
    const parent = dirname(path)
    if (code !== 'ENOENT' || parent === path) throw error
    await makeFolder(parent)
    await mkdir(path).catch((again: unknown) => {
      if (systemCodeOf(again) !== 'EEXIST') throw again
    })
  }
}
