import type { Liveness } from '../bench/types.js'

export type LivenessCounts = Readonly<Partial<Record<Liveness, number>>>

/** From best to worst (ARCHITECTURE section 3), and in the words of a report. */
const WORDS: Readonly<Record<Liveness, string>> = {
  alive_rpc: 'alive',
  rpc_slow: 'slow to answer',
  alive_dist_only: 'connected without an answer',
  alive_epmd_only: 'registered only',
  process_only: 'with the app running',
  suspended: 'suspended',
  app_dead: 'with the app dead',
  transport_lost: 'with the phone out of reach',
}

// The keys of the table above, which names every state.
export const LIVENESS_ORDER = Object.keys(WORDS) as readonly Liveness[]

/** `181/181 alive`, or what else was seen; null when it was not measured. */
export function describeLiveness(counts: LivenessCounts): string | null {
  const seen = LIVENESS_ORDER.flatMap((state) => {
    const count = counts[state] ?? 0
    return count === 0 ? [] : [{ state, count }]
  })
  if (seen.length === 0) return null
  const total = seen.reduce((sum, { count }) => sum + count, 0)
  return seen.map(({ state, count }) => `${count}/${total} ${WORDS[state]}`).join(', ')
}
