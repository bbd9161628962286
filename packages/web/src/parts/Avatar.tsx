/** A face, which is a picture and no text: people are round, organisations square. Colours follow names, twelve that carry white. */

const colours = [
  '#28588b',
  '#0f6b62',
  '#7b2f5c',
  '#2c4fa3',
  '#86570f',
  '#3c4149',
  '#9f3a1c',
  '#5a4a8f',
  '#4b6a1f',
  '#1f6b8f',
  '#7a4522',
  '#5b6b2f',
]

const colourOf = (name: string): string => {
  let sum = 0
  for (const letter of name.toLowerCase()) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973
  return colours[sum % colours.length] ?? '#3c4149'
}

const initialsOf = (name: string): string => {
  const [first = '', second] = name.split(/[^\p{L}\p{N}]+/u).filter((part) => part !== '')
  return second === undefined ? first.slice(0, 2) : first.charAt(0) + second.charAt(0)
}

interface AvatarProps {
  readonly name: string
  readonly kind: 'user' | 'org'
  readonly size?: number
}

export const Avatar = ({ name, kind, size = 24 }: AvatarProps) => (
  <span
    aria-hidden
    data-initials={initialsOf(name)}
    className="inline-flex shrink-0 items-center justify-center font-semibold text-[white] select-none before:content-[attr(data-initials)]"
    style={{
      width: size,
      height: size,
      fontSize: Math.max(9, Math.round(size * 0.4)),
      background: colourOf(name),
      borderRadius: kind === 'user' ? '50%' : '20%',
    }}
  />
)
