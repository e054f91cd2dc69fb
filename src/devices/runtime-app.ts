/** The Android package of the bundled runtime app. */
export const RUNTIME_APP = 'dev.dala.runtime'
