/** One's own settings: who one is, how one signs in, what acts in one's name. */
import { useLocation } from '@tanstack/react-router'
import { basePath } from '../../app/base.ts'
import { TextLink } from '../../parts/Go.tsx'
import { NeedSignIn } from '../../parts/NeedSignIn.tsx'
import { type Section, SettingsFrame } from '../../parts/SettingsFrame.tsx'
import { Skeleton } from '../../parts/Skeleton.tsx'
import { Trail } from '../../audit/Trail.tsx'
import { type Me, useMe } from '../me.ts'
import { AppearancePart } from './AppearancePart.tsx'
import { AppsPart } from './AppsPart.tsx'
import { ProfilePart } from './ProfilePart.tsx'
import { SessionsPart } from './SessionsPart.tsx'
import { SignInPart } from './SignInPart.tsx'
import { TokensPart } from './TokensPart.tsx'

const sectionsOf = (me: Me): readonly Section[] => [
  { slug: '', label: 'Profile', page: <ProfilePart me={me} /> },
  { slug: 'sign-in', label: 'Sign-in', page: <SignInPart /> },
  { slug: 'sessions', label: 'Sessions', page: <SessionsPart /> },
  { slug: 'tokens', label: 'Tokens', page: <TokensPart me={me} /> },
  { slug: 'apps', label: 'Connected apps', page: <AppsPart /> },
  { slug: 'appearance', label: 'Appearance', page: <AppearancePart /> },
  { slug: 'activity', label: 'Activity', page: <Trail of={{ kind: 'me' }} />, isWide: true },
]

export const SettingsPage = () => {
  const me = useMe()
  const { pathname } = useLocation()
  const current = pathname.slice(basePath.length).split('/')[2] ?? ''
  if (me === undefined) return <Skeleton />
  if (me === null) return <NeedSignIn title="Settings" />
  return (
    <SettingsFrame
      of={<TextLink to={`/${encodeURIComponent(me.name)}`}>{me.name}</TextLink>}
      ofName={me.name}
      to="/settings"
      sections={sectionsOf(me)}
      current={current}
    />
  )
}
