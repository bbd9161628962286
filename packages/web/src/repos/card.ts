/** A card as it reads: at once as it is, and with its code coloured when that has come. */
import { useQuery } from '@tanstack/react-query'
import { cardQuery, colouredCardQuery, type Repo } from './data.ts'

export const useCard = (repo: Repo, at: string) => {
  const { data: card, error } = useQuery(cardQuery(repo, at))
  const hasCode = card?.html?.includes('<code class="language-') === true
  const coloured = useQuery({ ...colouredCardQuery(repo, at), enabled: hasCode })
  return { error, card, html: coloured.data?.html ?? card?.html ?? null }
}
