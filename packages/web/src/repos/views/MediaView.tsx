/** Pictures, sounds and films, from the hub itself. Captions would have to come with the file, and do not. */

interface MediaProps {
  readonly kind: 'image' | 'audio' | 'video'
  readonly src: string
  readonly name: string
}

export const MediaView = ({ kind, src, name }: MediaProps) => (
  <div className="flex justify-center bg-sunken p-6">
    {kind === 'image' ? <img src={src} alt={name} className="max-h-[70dvh] max-w-full" /> : null}
    {kind === 'audio' ? <audio src={src} controls aria-label={name} /> : null}
    {kind === 'video' ? (
      <video src={src} controls aria-label={name} className="max-h-[70dvh] max-w-full" />
    ) : null}
  </div>
)
