import type { KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemCodeOf } from '../../core/errors.js'
import { AdbError } from '../android/adb-error.js'
import { decodePublicKey } from '../android/wire/auth.js'

/**
 * The keys of the user whose virtual phone this is, as adb keeps them: the phone knows this computer, as one does on
 * which "always allow from this computer" was ticked. None when adb has not made a key yet, or one that can't be read.
 */
export async function ownerKeys(home: string): Promise<readonly KeyObject[]> {
  try {
    return [decodePublicKey(await readFile(join(home, '.android', 'adbkey.pub'), 'latin1')).key]
  } catch (error) {
    // Whatever the file is, the computer can still show its key and be accepted as a new one.
    if (systemCodeOf(error) !== null || error instanceof AdbError) return []
    throw error
  }
}
