import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { PACKAGE_HOMES, ROOMS, roomOf, TYPES_ONLY, withLayerOverrides } from '../scripts/layers.mjs'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const HEAVY = ['ink', 'react', 'execa', 'chart.js', 'webdriverio']

interface Import {
  readonly file: string
  readonly target: string
  readonly typesOnly: boolean
  readonly dynamic: boolean
}

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder)).flatMap((name) => {
    const path = `${folder}/${name}`
    if (statSync(join(ROOT, path)).isDirectory()) return sources(path)
    return /\.tsx?$/.test(name) && !name.includes('.test.') ? [path] : []
  })
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(ROOT, file), 'utf8')
  const statements = text.matchAll(/^(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s)?'([^']+)'/gm)
  const dynamic = text.matchAll(/\bimport\('([^']+)'\)/g)
  return [
    ...[...statements].map(([, type, target]) => ({
      file,
      target: target ?? '',
      typesOnly: type !== undefined,
      dynamic: false,
    })),
    ...[...dynamic].map(([, target]) => ({ file, target: target ?? '', typesOnly: false, dynamic: true })),
  ]
}

const FILES = sources('src')
const IMPORTS = FILES.flatMap(importsOf)

/** Where a relative import leads, below the root; null for a package. */
function destination({ file, target }: Import): string | null {
  return target.startsWith('.') ? posix.join(posix.dirname(file), target).replace(/\.js$/, '.ts') : null
}

describe('architecture', () => {
  test('every room of src/ is one of the house plan', () => {
    const rooms = new Set(FILES.map(roomOf))
    expect([...rooms].filter((room) => room === null || !(room in ROOMS))).toEqual([])
  })

  test('imports go downward only', () => {
    const rules: Readonly<Record<string, readonly string[]>> = ROOMS
    const wrong = IMPORTS.flatMap((one) => {
      const to = destination(one)
      const [from, room] = [roomOf(one.file), to === null ? null : roomOf(to)]
      if (from === null || room === null || from === room || rules[from]?.includes(room)) return []
      return [`layers: ${one.file} imports ${to}`]
    })
    expect(wrong).toEqual([])
  })

  test('report takes only the types of bench', () => {
    const wrong = IMPORTS.filter((one) => {
      const to = destination(one)
      const rooms: Readonly<Record<string, readonly string[]>> = TYPES_ONLY
      const limited = rooms[roomOf(one.file) ?? ''] ?? []
      return to !== null && limited.includes(roomOf(to) ?? '') && !one.typesOnly
    })
    expect(wrong).toEqual([])
  })

  test('a package with a home is imported nowhere else', () => {
    const homes: Readonly<Record<string, readonly string[]>> = PACKAGE_HOMES
    const wrong = IMPORTS.filter(({ file, target }) => {
      const allowed = homes[target]
      return allowed !== undefined && !allowed.some((home) => file.startsWith(home))
    })
    expect(wrong).toEqual([])
  })

  test('no command loads a heavy package before it needs it', () => {
    const loaded = new Set<string>()
    const visit = (file: string): void => {
      if (loaded.has(file)) return
      loaded.add(file)
      for (const one of importsOf(file).filter(({ typesOnly, dynamic }) => !typesOnly && !dynamic)) {
        const to = destination(one)
        if (to === null) loaded.add(one.target)
        else visit(to)
      }
    }
    FILES.filter((file) => file.startsWith('src/commands/')).forEach(visit)
    expect(HEAVY.filter((name) => loaded.has(name))).toEqual([])
  })

  test('the linter holds the same layers', () => {
    const text = readFileSync(join(ROOT, '.oxlintrc.json'), 'utf8')
    // Compared as data: the formatter decides about the text.
    expect(JSON.parse(text)).toEqual(JSON.parse(withLayerOverrides(text)))
  })

  test('a command has at most 60 lines', () => {
    const long = FILES.filter((file) => file.startsWith('src/commands/')).filter(
      (file) => readFileSync(join(ROOT, file), 'utf8').split('\n').length > 61,
    )
    expect(long).toEqual([])
  })
})
