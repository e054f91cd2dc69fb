import { readdir } from 'node:fs/promises'
import type { PhoneFiles } from '../file-system.js'
import { errnoText } from './command.js'

/** Characters of a word after expansion; `live` ones came unquoted and may be wildcards. */
export interface Char {
  readonly char: string
  readonly live: boolean
}

const isWildcard = ({ char, live }: Char): boolean => live && (char === '*' || char === '?')

/** The names that match a word, sorted; the word itself when it has no wildcard or nothing matches. */
export async function expandGlob(chars: readonly Char[], files: PhoneFiles, cwd: string): Promise<string[]> {
  const plain = chars.map(({ char }) => char).join('')
  if (!chars.some(isWildcard)) return [plain]
  let found = [plain.startsWith('/') ? '/' : '']
  for (const segment of segments(chars)) found = await matches(found, segment, { files, cwd })
  return found.length === 0 ? [plain] : found.toSorted()
}

function segments(chars: readonly Char[]): Char[][] {
  const parts: Char[][] = [[]]
  for (const char of chars) {
    if (char.char === '/') parts.push([])
    else parts.at(-1)?.push(char)
  }
  return parts.filter((part) => part.length > 0)
}

async function matches(
  folders: readonly string[],
  segment: readonly Char[],
  { files, cwd }: { files: PhoneFiles; cwd: string },
): Promise<string[]> {
  const names: string[] = []
  for (const folder of folders) {
    const prefix = folder === '' || folder.endsWith('/') ? folder : `${folder}/`
    if (!segment.some(isWildcard)) {
      names.push(prefix + segment.map(({ char }) => char).join(''))
      continue
    }
    const pattern = new RegExp(`^${segment.map(regexpOf).join('')}$`, 's')
    const entries = await namesIn(files, folder === '' ? cwd : folder, cwd)
    const hidden = segment[0]?.char === '.'
    names.push(...entries.filter((n) => pattern.test(n) && (hidden || !n.startsWith('.'))).map((n) => prefix + n))
  }
  return names
}

function regexpOf(char: Char): string {
  if (isWildcard(char)) return char.char === '*' ? '.*' : '.'
  return char.char.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}

async function namesIn(files: PhoneFiles, folder: string, cwd: string): Promise<string[]> {
  const located = files.locate(folder, { cwd })
  if (located.kind !== 'file') return []
  try {
    return await readdir(located.hostPath)
  } catch (error) {
    // A folder that can't be read matches nothing; what is no system error is thrown on.
    errnoText(error)
    return []
  }
}
