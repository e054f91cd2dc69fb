import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openNdjson, readNdjson } from './ndjson.js'

let dir = ''
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'dala-ndjson-'))
})
afterEach(() => rm(dir, { recursive: true }))

describe('ndjson', () => {
  test('reads back what was appended', async () => {
    const path = join(dir, 'journal.ndjson')
    const journal = await openNdjson(path)
    await journal.append({ n: 1 })
    await journal.append({ n: 2, text: 'a\nb' })
    await journal.close()
    expect(await readNdjson(path)).toEqual([{ n: 1 }, { n: 2, text: 'a\nb' }])
  })

  test('ignores a torn last line and cuts it off before appending', async () => {
    const path = join(dir, 'journal.ndjson')
    await writeFile(path, '{"n":1}\n{"n":2,"te')
    expect(await readNdjson(path)).toEqual([{ n: 1 }])
    const journal = await openNdjson(path)
    await journal.append({ n: 3 })
    await journal.close()
    expect(await readFile(path, 'utf8')).toBe('{"n":1}\n{"n":3}\n')
  })

  test('names the damaged line when it is not the last', async () => {
    const path = join(dir, 'journal.ndjson')
    await writeFile(path, '{"n":1}\n')
    await appendFile(path, 'gar\0bage\n{"n":3}\n')
    await expect(readNdjson(path)).rejects.toThrow('line 2 is no JSON')
  })

  test('reads an empty file as no lines', async () => {
    const path = join(dir, 'journal.ndjson')
    await writeFile(path, '')
    expect(await readNdjson(path)).toEqual([])
  })
})
